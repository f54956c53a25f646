"""The certificate of a roster's changes (阳医保发〔2019〕45号 附件4) as PDF: how many came and went, and who. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import orjson
import typst
from pylopdf_fonts_zh_cn import serif_path

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import STATUSES
from tuodi.platform.registry.domain import Department
from tuodi.platform.registry.glyphs import missing

BOXES: Mapping[str, str] = {
    "subsistence_allowance": "低保", "extreme_poverty": "特困", "entitled_group": "在乡重点优抚对象",
}  # fmt: skip
"""The three that the annex has boxes for; others are named after them."""

OFFICES: Mapping[Department, str] = {
    Department.civil_affairs: "民政局", Department.veterans: "退役军人事务局",
    Department.rural_revitalisation: "乡村振兴局", Department.disabled_federation: "残疾人联合会",
    Department.health: "卫生健康局", Department.public_security: "公安局",
    Department.healthcare_security: "医疗保障局",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody on the list behind the certificate; the number masked."""

    gone: bool
    name: str
    number: str
    status: str
    day: date
    household: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """`period`: as `2026年三季度` or `2026年9月`. `region`: the county's name."""

    region: str
    department: Department
    period: str
    issued_on: date
    listed: Sequence[Listed]

    def households(self, *, gone: bool) -> int:
        """Of those who came or went; whoever is in none counts as one."""
        some = [one for one in self.listed if one.gone is gone]
        return len({one.household for one in some} - {""}) + sum(not one.household for one in some)

    def persons(self, *, gone: bool) -> int:
        """Of those who came or went."""
        return sum(one.gone is gone for one in self.listed)


def quarter(day: date) -> str:
    """`2026年三季度`."""
    return f"{day.year}年{'一二三四'[(day.month - 1) // 3]}季度"


def month(day: date) -> str:
    """`2026年9月`."""
    return f"{day.year}年{day.month}月"


def pdf(certificate: Certificate) -> bytes:
    """The certificate on A4, its list on the pages after it. Faults: `glyph-missing`, one for each such name."""
    if findings := [_unprintable(one, chars) for one in certificate.listed if (chars := missing(one.name))]:
        raise Faults(findings)
    made = typst.compile(
        _LAYOUT.encode(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"certificate": orjson.dumps(_content(certificate)).decode()},
        timestamp=int(datetime.combine(certificate.issued_on, datetime.min.time(), UTC).timestamp()),
    )
    assert isinstance(made, bytes), "one document is one file"
    return made


# ---- helpers ---------------------------------------------------------------------------------------------------------


@cache
def _fonts() -> typst.Fonts:
    """Those that come along and no others, so that a paper is the same on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(serif_path()).parent])


def _content(certificate: Certificate) -> dict[str, object]:
    day = certificate.issued_on
    came = {one.status for one in certificate.listed}
    return {
        "period": certificate.period,
        "boxes": [("☑" if status in came else "□") + label for status, label in BOXES.items()]
        + [f"☑{STATUSES[status]}" for status in STATUSES if status in came and status not in BOXES],
        "came": [certificate.households(gone=False), certificate.persons(gone=False)],
        "went": [certificate.households(gone=True), certificate.persons(gone=True)],
        "office": certificate.region + OFFICES[certificate.department],
        "day": f"{day.year} 年 {day.month} 月 {day.day} 日",
        "rows": [
            ["减少" if one.gone else "新增", one.name, one.number, STATUSES[one.status], one.household, str(one.day)]
            for one in certificate.listed
        ],
    }


def _unprintable(one: Listed, chars: str) -> Finding:
    codes = "、".join(f"U+{ord(char):04X}" for char in chars)
    return Finding(
        code="glyph-missing",
        message=f"姓名“{one.name}”里的 {codes} 没有可打印的字形",
        place=Place(path=one.number),
        remedy="核对该字；确是生僻字的，手写补填",
    )


_LAYOUT = """
#let it = json(bytes(sys.inputs.certificate))
#set page(paper: "a4", margin: (x: 28mm, y: 30mm))
#set text(font: "Noto Serif SC", lang: "zh", region: "cn", size: 14pt)
#set par(leading: 1.2em, first-line-indent: (amount: 2em, all: true))
#set document(title: "医疗救助重点救助对象动态调整情况证明", author: it.office)

#align(center, text(size: 20pt)[医疗救助重点救助对象\\ 动态调整情况证明])
#v(16mm)

#it.period;新增（#it.boxes.join("　")）人员 #it.came.at(0) 户 #it.came.at(1) 人；减少 #it.went.at(0) 户 #it.went.at(1)
人（具体名单附后）。

特此证明

#v(24mm)
#align(right)[#it.office;（盖章）]
#align(right)[#it.day]

#if it.rows.len() > 0 {
  pagebreak()
  set text(size: 9pt)
  set par(leading: 0.6em, first-line-indent: 0em)
  align(center, text(size: 14pt)[#it.period;动态调整名单])
  v(4mm)
  table(
    columns: (auto, auto, 1fr, auto, auto, auto),
    stroke: 0.4pt,
    table.header[变动][姓名][身份证号码][救助对象类别][户编号][日期],
    ..it.rows.flatten(),
  )
}
"""
