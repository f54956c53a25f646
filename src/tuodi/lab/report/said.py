"""Sentences that every report says: how people were settled, and what made-up people cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tuodi.core.finding import Finding
from tuodi.lab.report.amounts import number
from tuodi.lab.report.document import Block, Bullets
from tuodi.lab.report.ground import Ground, origin
from tuodi.lab.sheet import Sheet

SETTLED = "每一笔账单都按文件逐条结算到分，同一个人的账单按先后累计起付线和限额；没有抽样，没有估计。"
AS_BILLED = "人们的就医和费用按账单原样，不因政策好坏而增减。"
ONLY_RELIEF = "只算医疗救助待遇，资助参保、经办费用不在内。"
NOBODY_EXISTS = (
    "这些人是按公布的统计数字随机生成的，不对应任何真实的人；数字用来比较做法，"
    "不能当作预算，正式测算请用真实账单再算一次。"
)
SMALL = "人数少的类别偶然性大：换一个种子会得到不同的数，不要逐格解读。"


def limits_of(ground: Ground, notes: Iterable[str] = (), set_apart: int = 0) -> tuple[str, ...]:
    """What the numbers cannot say."""
    return tuple(_limits(ground, notes, set_apart))


def findings(several: Sequence[Finding], most: int = 12) -> tuple[Block, ...]:
    """What was wrong with the rows, as far as it fits."""
    if not several:
        return ()
    told = tuple(f"{one.place}：{one.message}" if str(one.place) else one.message for one in several[:most])
    rest = (f"另有 {number(len(several) - most)} 条以上",) if len(several) > most else ()
    return (Bullets(items=(*told, *rest)),)


def named(sheets: Iterable[Sheet]) -> dict[str, Sheet]:
    """The sheets by their ids."""
    return {one.id: one for one in sheets}


def _limits(ground: Ground, notes: Iterable[str], set_apart: int) -> Iterator[str]:
    if origin(ground).synthetic:
        yield NOBODY_EXISTS
        yield SMALL
    yield AS_BILLED
    if set_apart:
        yield f"{number(set_apart)} 人的数据有误或缺少文件要用的事实，没有计入任何数字。"
    yield from notes
