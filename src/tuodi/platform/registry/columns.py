"""What the columns of a roster are called, which row is its head, and what departments call the statuses. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import STATUSES
from tuodi.platform.registry.sheet import Cell, Sheet, letters

HEAD_WITHIN = 15
"""Titles and notes may stand above the head, in at most so many rows."""


def _named(table: str) -> dict[str, tuple[str, ...]]:
    """A table as `name = 姓名 人员姓名`, further lines indented, as a mapping."""
    rows = table.replace("\n    ", " ").strip().splitlines()
    return {word: tuple(names.split()) for word, _, names in (row.partition(" = ") for row in rows)}


NAMES = _named(
    """
name = 姓名 人员姓名 对象姓名 救助对象姓名 成员姓名 家庭成员姓名
number = 身份证号码 身份证号 身份证 公民身份号码 居民身份证号码 证件号码 有效证件号码 本人身份证号码
status = 救助对象类别 身份类别 人员类别 对象类别 救助类别 身份 类别 人员身份 重点救助对象类别 人员身份类别
    救助对象类型 对象类型
change = 变动 变动情况 增减 新增或减少 新增/减少 变动类型 增减情况 动态 调整类型 调整情况
starts_on = 认定日期 起始日期 开始日期 起 起日 生效日期 纳入日期 审批日期 享受起始日期 批准日期 认定时间
    纳入时间 新增日期
ends_on = 终止日期 截止日期 结束日期 止 止日 退出日期 停发日期 有效期至 退出时间 减少日期 取消日期
applied_on = 申请日期 申请时间 申请日
certificate = 证明文号 证件编号 证书编号 低保证号 特困证号 优抚证号 残疾证号 残疾人证号 文号 救助证号
household_number = 户编号 家庭编号 户号 户主编号 家庭代码
relation = 与户主关系 户主关系 家庭关系 与申请人关系
township = 乡镇(街道) 乡镇 街道 乡镇街道 所属乡镇 乡(镇、街道) 乡镇/街道 镇街
village = 村(社区) 村 社区 村社区 村(居) 村居 行政村 村/社区 村(居)委会
address = 家庭住址 住址 地址 家庭地址 详细地址 户籍地址 现住址
"""
)
"""What each field may be called. The first name is that of the template."""

REQUIRED = ("name", "number")

_STATUS_NAMES = _named(
    """
extreme_poverty = 特困 特困供养人员 特困救助供养人员 五保 五保户 农村五保 城市特困 农村特困 城市三无 三无人员
    分散特困 集中特困 特困救助对象
orphan = 散居孤儿 集中供养孤儿
unsupported_child = 事实孤儿
priority_child = 重点困境儿童
subsistence_allowance = 低保 城市低保 农村低保 城乡低保 最低生活保障 最低生活保障对象 城乡低保对象
    最低生活保障家庭成员 农村低保对象 城市低保对象 低保救助对象
subsistence_margin = 低保边缘 低边 低保边缘户 最低生活保障边缘家庭成员 低保边缘家庭 低收入边缘
returned_to_poverty = 返贫致贫 返贫人口 致贫人口
poverty_monitored = 防返贫监测 防返贫监测对象 监测对象 防止返贫监测对象 边缘易致贫户 脱贫不稳定户 突发严重困难户
illness_impoverished = 因病致贫 因病致贫患者 因病致贫家庭重病患者 因病致贫救助对象
registered_poor = 建档立卡 建档立卡贫困户 贫困户 脱贫户 建档立卡贫困人员
entitled_group = 优抚 重点优抚对象 在乡重点优抚对象 在乡重点优抚 优抚人员
low_income = 低收入 低收入家庭 低收入救助对象
low_income_elderly = 低收入家庭60周岁以上老年人 低收入家庭六十周岁以上老年人 低收入家庭六十周岁以上的老年人
    低收入老人
low_income_minor = 低收入家庭的未成年人 低收入未成年人
severe_disability = 重度残疾 重度残疾人 一级残疾 二级残疾 一二级残疾人 残疾一级 残疾二级
    丧失劳动能力的重度残疾人
family_planning_hardship = 计划生育特殊困难 计划生育特殊困难家庭成员 计生特困 失独家庭 计划生育特殊家庭
    计生特殊家庭 失独父母
other_hardship_patient = 其他特殊困难 特殊困难家庭重病患者
retrenched_worker = 精减退职 精简退职职工 精减退职人员 原精减退职职工
veteran_party_member = 老党员 建国前入党老党员 建国前老党员 建国前入党的老党员 老游击队员 老交通员
hiv_opportunistic = 艾滋病 艾滋病机会性感染 艾滋病患者
disability_living_subsidy = 困难残疾人 困难残疾人生活补贴 享受困难残疾人生活补贴人员
bravery = 见义勇为 见义勇为人员
other_special = 其他特殊困难对象
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the head of a roster is, and which column (from 0) holds which field. `unread`: columns nobody knows."""

    sheet: Sheet
    row: int
    columns: Mapping[str, int]
    unread: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Whether the roster has such a column."""
        return field in self.columns


def plain(text: object) -> str:
    """A name as it is compared: half-width, without spaces, stars and colons."""
    folded = unicodedata.normalize("NFKC", str(text))
    return "".join(char for char in folded if not char.isspace() and char not in "*:：﹡")


def head(sheets: Sequence[Sheet]) -> Head:
    """The head of the one sheet that is a roster. Faults: none is, several are, a column twice or missing."""
    found = [one for one in map(_head_of, sheets) if one is not None]
    if len(found) != 1:
        raise Faults([_no_head() if not found else _several([one.sheet.name for one in found])])
    (one,) = found
    if findings := [*_missing(one), *_twice(one)]:
        raise Faults(findings)
    return one


STATUS_OF_NAME: Mapping[str, str] = {
    plain(name): status
    for status, label in STATUSES.items()
    for name in (label, status, *_STATUS_NAMES.get(status, ()))
}


# ---- helpers ---------------------------------------------------------------------------------------------------------

_FIELD_OF_NAME = {plain(name): field for field, names in NAMES.items() for name in names}


def _head_of(sheet: Sheet) -> Head | None:
    """The first row with the column of the number, or of the name and one more."""
    for number, row in enumerate(sheet.rows[:HEAD_WITHIN]):
        fields = dict(_fields(row))
        named = set(fields.values())
        if "number" in named or ("name" in named and len(named) > 1):
            unread = tuple(str(cell) for place, cell in enumerate(row) if cell != "" and place not in fields)
            columns = {field: place for place, field in reversed(fields.items())}
            return Head(sheet=sheet, row=number, columns=columns, unread=unread)
    return None


def _fields(row: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(row):
        field = _FIELD_OF_NAME.get(plain(cell)) or _FIELD_OF_NAME.get(plain(cell).partition("(")[0])
        if field:
            yield place, field


def _missing(one: Head) -> Iterator[Finding]:
    for field in REQUIRED:
        if field not in one.columns:
            label = NAMES[field][0]
            yield _finding("column-missing", f"没有“{label}”一列", one, 0, f"在第 {one.row + 1} 行写上列名“{label}”")


def _twice(one: Head) -> Iterator[Finding]:
    fields = list(_fields(one.sheet.rows[one.row]))
    for place, field in fields:
        if place != one.columns[field]:
            message = f"{letters(one.columns[field])} 列和 {letters(place)} 列都是“{NAMES[field][0]}”"
            yield _finding("column-twice", message, one, place, "只留一列，或改掉另一列的列名")


def _finding(code: str, message: str, one: Head, place: int, remedy: str) -> Finding:
    where = Place(line=one.row + 1, column=place + 1, path=letters(place))
    return Finding(code=code, message=message, place=where, remedy=remedy)


def _no_head() -> Finding:
    return Finding(
        code="head-missing",
        message=f"前 {HEAD_WITHIN} 行里没有找到表头",
        place=Place(path="file"),
        remedy="表头要有“姓名”和“身份证号码”两列；可下载本部门的模板",
    )


def _several(names: list[str]) -> Finding:
    return Finding(
        code="sheets-several",
        message=f"工作表{'、'.join(f'“{name}”' for name in names)}都是名单",
        place=Place(path="file"),
        remedy="一个文件只放一张名单",
    )
