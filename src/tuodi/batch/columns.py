"""One column of a file as whole numbers, with the rows that cannot be read: which, why, and what would mend them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from tuodi.batch import raw
from tuodi.batch.block import Texts, coded, fact_kind
from tuodi.batch.compiled import compiled, frozen
from tuodi.batch.kernel import Ints
from tuodi.batch.layout import MISSING
from tuodi.batch.schema import FEN, Field, Kind
from tuodi.core.money import LARGEST_FEN, format_yuan
from tuodi.core.period import parse_day
from tuodi.engine.case_values import FIRST_YEAR, LARGEST_COUNT, RANGES, Unfit, fact_value, money_value, text_value
from tuodi.language.model import Fact, FactType

EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts days."""


class Wrong(NamedTuple):
    """What is wrong with the rows (places in the table) of a column, in the words of a finding."""

    rows: Ints
    column: str
    code: str
    message: str
    remedy: str


class Read(NamedTuple):
    """A column as numbers; rows that are wrong hold what does no harm."""

    numbers: Ints
    wrong: Sequence[Wrong] = ()


def money(column: pa.Array, name: str) -> Read:
    """Fen; `MISSING` where null. The column is in yuan, or in fen where its name says so."""
    if _is_text(column):
        return _money_texts(column, name)
    if pa.types.is_null(column.type):
        return Read(np.full(len(column), MISSING, np.int64))
    numbers = _filled(column) if name.endswith(FEN) else _unscaled(column)
    if not column.null_count and len(numbers) and numbers.min() >= 0 and numbers.max() <= LARGEST_FEN:
        return Read(numbers)
    numbers = np.where(_nulls(column), MISSING, numbers)
    return _bounded(numbers, column, name, LARGEST_FEN, "money-negative", "money-too-large", format_yuan)


def day(column: pa.Array, name: str) -> Read:
    """Ordinals; `MISSING` where null."""
    if _is_text(column):
        return _one_by_one(column, name, _day_of, np.int32)
    if pa.types.is_null(column.type):
        return Read(np.full(len(column), MISSING, np.int32))
    since_1970 = raw.numbers(column, np.int32)
    numbers, early = _ordinals(since_1970, frozen(raw.validity(column)))
    if not early:
        return Read(numbers)
    rows = np.flatnonzero(numbers == _EARLY)
    numbers[rows] = _FIRST_DAY
    return Read(numbers, [Wrong(rows, name, "bad-date", f"日期早于 {FIRST_YEAR} 年", "核对年份")])


def words(column: pa.Array, field: Field, code: str) -> Read:
    """Places in the field's closed list; `MISSING` where null or empty."""
    encoded = texts(column)
    known = {word: place for place, word in enumerate(field.words)}
    places = np.array([*(known.get(text, MISSING) for text in encoded.texts), MISSING], np.int8)
    wrong = [
        Wrong(
            np.flatnonzero(encoded.place == place),
            field.name,
            code,
            f"没有“{text[:40]}”",
            f"可用的有：{'、'.join(field.words)}",
        )
        for place, text in enumerate(encoded.texts)
        if text not in known
    ]
    return Read(places[encoded.place], wrong)


def fact(column: pa.Array, field: Field, name: str) -> Read:
    """A fact as `block` holds it; null is "not given"."""
    assert field.fact is not None
    match field.kind:
        case Kind.MONEY:
            return money(column, name)
        case Kind.WORD:
            return words(column, field, "unknown-choice")
        case Kind.FLAG if pa.types.is_boolean(column.type):
            return Read(raw.flags(column))
        case Kind.NUMBER if not _is_text(column):
            return _whole(column, field.fact)
    reader = _flag_of if field.kind is Kind.FLAG else _number_of(field.fact)
    return _one_by_one(column, name, reader, fact_kind(field.fact))


def texts(column: pa.Array) -> Texts:
    """Each different text once; an empty one is none."""
    if pa.types.is_null(column.type):
        return Texts(place=np.full(len(column), MISSING, np.int32), texts=())
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    different = encoded.dictionary.to_pylist()
    indices = encoded.indices.cast(pa.int32()) if encoded.indices.type != pa.int32() else encoded.indices
    place = raw.numbers(indices, np.int32)
    empty = [spot for spot, text in enumerate(different) if not text]
    if empty:
        place = np.where(np.isin(place, empty), np.int32(MISSING), place)
    return Texts(place=place, texts=tuple(text or "" for text in different))


def codes(column: pa.Array) -> tuple[Ints, Texts]:
    """Offsets by row, and the codes one after another."""
    if _is_text(column):
        column = pc.split_pattern(column.cast(pa.string()), ";") if not pa.types.is_null(column.type) else column
        if pa.types.is_null(column.type):
            return np.zeros(len(column) + 1, np.int64), Texts(place=np.empty(0, np.int32), texts=())
    sizes = np.asarray(pc.list_value_length(column).fill_null(0)).astype(np.int64)
    flat = texts(pc.list_flatten(column))
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    given = flat.place >= 0
    if given.all():
        return offsets, flat
    kept = np.concatenate([[0], np.cumsum(given)])
    return kept[offsets], Texts(place=flat.place[given], texts=flat.texts)


class ItemRows(NamedTuple):
    """Catalogue items: offsets by row, texts, fen, and what they say of facts."""

    items_of: Ints
    item: Texts
    burden: Ints
    facts: Mapping[str, Ints]
    wrong: Sequence[Wrong]


def items(column: pa.Array, known: Mapping[str, Fact], others: Collection[str] = ()) -> ItemRows:
    """Items as the case format writes them, one list a row; as JSON where the column is text. `others`: facts that an
    item may tell too, and nobody asks for."""
    names: list[str | None] = []
    burdens: list[int] = []
    facts: dict[str, list[int]] = {name: [] for name in known}
    sizes = np.zeros(len(column), np.int64)
    wrong = []
    for row, given in enumerate(column.to_pylist()):
        try:
            listed = _listed(given)
            several = [_item(one, known, others) for one in listed]
        except Unfit as unfit:
            wrong.append(Wrong(np.array([row]), "items", unfit.code, str(unfit), unfit.remedy))
            continue
        sizes[row] = len(several)
        for name, fen, said in several:
            names.append(name)
            burdens.append(fen)
            for fact_name in known:
                facts[fact_name].append(said.get(fact_name, MISSING))
    different = {text: place for place, text in enumerate(dict.fromkeys(names))}
    return ItemRows(
        items_of=np.concatenate([[0], np.cumsum(sizes)]),
        item=Texts(place=np.array([different[name] for name in names], np.int32), texts=tuple(map(str, different))),
        burden=np.array(burdens, np.int64),
        facts={name: np.array(values, fact_kind(known[name])) for name, values in facts.items()},
        wrong=wrong,
    )


# ---- money -----------------------------------------------------------------------------------------------------------

_YUAN = r"^(0|[1-9][0-9]*)(\.[0-9]{1,2})?$"


def _money_texts(column: pa.Array, name: str) -> Read:
    in_fen = name.endswith(FEN)
    column = column.cast(pa.string())
    column = pc.if_else(pc.equal(column, ""), None, column)
    good = pc.match_substring_regex(column, r"^(0|[1-9][0-9]{0,9})$" if in_fen else _YUAN)
    short = pc.less_equal(pc.utf8_length(column), 11)
    readable = pc.and_(good, short).fill_null(False)
    safe = pc.if_else(readable, column, "0")
    numbers = np.array(safe.cast(pa.int64()) if in_fen else _unscaled(safe.cast(pa.decimal128(18, 2))), np.int64)
    unread = np.flatnonzero(~np.asarray(readable) & ~_nulls(column))
    numbers[_nulls(column)] = MISSING
    wrong = [_unreadable(row, column[int(row)].as_py(), name) for row in unread[:_SHOWN]]
    if len(unread) > _SHOWN:
        wrong.append(Wrong(unread[_SHOWN:], name, "money-malformed", "不是金额", "写成元，至多两位小数，如 1234.50"))
    too_large = np.flatnonzero(numbers > LARGEST_FEN)
    numbers[too_large] = 0
    if len(too_large):
        reason = f"金额超过上限 {format_yuan(LARGEST_FEN)} 元"
        wrong.append(Wrong(too_large, name, "money-too-large", reason, "核对金额"))
    return Read(numbers, wrong)


def _unreadable(row: int, text: str, name: str) -> Wrong:
    try:
        money_value(text)
    except Unfit as unfit:
        return Wrong(np.array([row]), name, unfit.code, str(unfit), unfit.remedy)
    return Wrong(np.array([row]), name, "money-malformed", f"“{text[:40]}”不是以分计的整数", "写成整数")


def _unscaled(column: pa.Array) -> Ints:
    """Fen of a decimal with at most two decimals and 18 digits: its lower 64 bits, as they stand in memory."""
    halves = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset : 2 * (column.offset + len(column))]
    factor: int = 10 ** (2 - column.type.scale)
    return frozen(halves[::2] * factor)


def _bounded(
    numbers: Ints, column: pa.Array, name: str, most: int, low: str, high: str, show: Callable[[int], str]
) -> Read:
    """Numbers from 0 to `most`; each that is not is named with its value."""
    given = ~_nulls(column)
    outside = np.flatnonzero(given & ((numbers < 0) | (numbers > most)))
    wrong = []
    for row in outside[:_SHOWN]:
        value = int(numbers[row])
        if value < 0:
            wrong.append(Wrong(np.array([row]), name, low, f"金额 {show(value)} 为负数", "核对金额"))
        else:
            wrong.append(Wrong(np.array([row]), name, high, f"金额超过上限 {show(most)} 元", "核对金额"))
    if len(outside) > _SHOWN:
        wrong.append(Wrong(outside[_SHOWN:], name, low, "金额为负数或过大", "核对金额"))
    if len(outside):
        numbers[outside] = 0
    return Read(numbers, wrong)


# ---- other kinds -----------------------------------------------------------------------------------------------------

_SHOWN = 100  # rows of one block whose values are told one by one
_EXAMPLE = '如 [{"item": "克唑替尼", "personal": "5000.00"}]'
_EARLY = -2
_FIRST_DAY = parse_day(f"{FIRST_YEAR}-01-01").toordinal()


def _whole(column: pa.Array, asked: Fact) -> Read:
    least, most = _range(asked)
    numbers = np.array(_filled(column), np.int64)
    nulls = _nulls(column)
    outside = np.flatnonzero(~nulls & ((numbers < least) | (numbers > most)))
    numbers[nulls] = MISSING
    numbers[outside] = MISSING
    reason, remedy = f"不在 {least} 到 {most} 之间", f"写 {least} 到 {most} 的整数"
    wrong = Wrong(outside, asked.id, "number-out-of-range", reason, remedy)
    return Read(numbers.astype(fact_kind(asked)), [wrong] if len(outside) else [])


def _range(asked: Fact) -> tuple[int, int]:
    if asked.type is FactType.YEAR:
        return FIRST_YEAR, 9999
    return RANGES.get(asked.id, (0, LARGEST_COUNT))


def _one_by_one(column: pa.Array, name: str, reader: Callable[[str], int], kind: Any) -> Read:
    """A column of texts: each different text is read once."""
    encoded = texts(column)
    numbers = np.full(len(encoded.texts) + 1, MISSING, np.int64)
    wrong = []
    for place, text in enumerate(encoded.texts):
        if not text:
            continue
        try:
            numbers[place] = reader(text)
        except Unfit as unfit:
            rows = np.flatnonzero(encoded.place == place)
            wrong.append(Wrong(rows, name, unfit.code, str(unfit), unfit.remedy))
            numbers[place] = _FIRST_DAY if reader is _day_of else MISSING
    return Read(numbers[encoded.place].astype(kind), wrong)


def _day_of(text: str) -> int:
    try:
        found = parse_day(text)
    except ValueError as why:
        raise Unfit("bad-date", str(why)[:80], "写成 2026-11-22 这样的年-月-日") from None
    if found.year < FIRST_YEAR or found.isoformat() != text:
        raise Unfit("bad-date", f"“{text[:40]}”不是可用的日期", "写成 2026-11-22 这样的年-月-日，不早于 1900 年")
    return found.toordinal()


def _flag_of(text: str) -> int:
    try:
        return {"true": 1, "false": 0}[text.lower()]
    except KeyError:
        raise Unfit("wrong-type", f"应为 true 或 false，这里是“{text[:40]}”", "写 true 或 false") from None


def _number_of(asked: Fact) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Unfit("wrong-type", f"应为整数，这里是“{text[:40]}”", "写整数")
        return coded(asked, fact_value(asked, int(text)))

    return read


def _listed(raw: object) -> Sequence[Any]:
    if isinstance(raw, str):
        try:
            raw = orjson.loads(raw) if raw.strip() else None
        except orjson.JSONDecodeError:
            raise Unfit("broken-json", "目录项目不是 JSON", _EXAMPLE) from None
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise Unfit("wrong-type", "目录项目应为对象的列表", _EXAMPLE)
    return raw


def _item(
    raw: Mapping[str, Any], known: Mapping[str, Fact], others: Collection[str]
) -> tuple[str, int, dict[str, int]]:
    """Name, fen, and the facts that the item says itself."""
    for name in raw:
        if name not in ("item", "personal", f"personal{FEN}", *known, *others):
            raise Unfit("unknown-field", f"目录项目没有“{name[:40]}”", f"可用的有：item、personal、{'、'.join(known)}")
    said = {name: coded(known[name], fact_value(known[name], raw[name])) for name in known if raw.get(name) is not None}
    return text_value(raw.get("item")), _item_fen(raw), said


def _item_fen(raw: Mapping[str, Any]) -> int:
    fen = raw.get(f"personal{FEN}")
    if fen is None:
        yuan = raw.get("personal")
        return money_value(yuan if isinstance(yuan, str) or yuan is None else f"{yuan}")
    if not isinstance(fen, int) or not 0 <= fen <= LARGEST_FEN:
        raise Unfit("money-malformed", f"“{fen}”不是以分计的金额", "写 0 或更大的整数")
    return fen


def _is_text(column: pa.Array) -> bool:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _nulls(column: pa.Array) -> Any:
    return np.asarray(column.is_null()) if column.null_count else np.zeros(len(column), np.bool_)


def _filled(column: pa.Array) -> Ints:
    """A column of whole numbers; 0 where null. Narrow where the column is: it is not to be written to."""
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.int64)
    whole = column.fill_null(0) if column.null_count else column
    return frozen(np.asarray(whole if whole.type in (pa.int32(), pa.int64()) else whole.cast(pa.int64())))


@compiled
def _ordinals(since_1970: Ints, given: Ints) -> tuple[Ints, bool]:
    """Ordinals, and whether some are before the first day that can be; these are told apart by their number."""
    numbers = np.empty(len(since_1970), np.int32)
    early = False
    for row in range(len(since_1970)):
        number = since_1970[row] + EPOCH
        early |= number < _FIRST_DAY
        numbers[row] = number if number >= _FIRST_DAY else _EARLY
    for row in range(len(given)):
        if not given[row]:
            numbers[row] = MISSING
    return numbers, early
