"""Numbers as officials read them: thousands separated, sums in 万元 or 亿元, shares in per cent.

Whole numbers in, texts out; what is cut off is rounded half away from zero, and no float is ever near.
"""

from __future__ import annotations

from tuodi.core.money import format_rate, round_half_up
from tuodi.lab.sheet import Unit

WAN = 1_000_000
"""Fen of 10,000 yuan."""

YI = 10_000 * WAN
"""Fen of 100 million yuan."""

MINUS = "−"


def number(value: int) -> str:
    """ "1,234"."""
    return _signed(f"{abs(value):,}", value)


def yuan(fen: int) -> str:
    """ "1,234.50", without its unit."""
    return _signed(f"{abs(fen) // 100:,}.{abs(fen) % 100:02d}", fen)


def wan(fen: int) -> str:
    """Ten thousands of yuan to two decimals: "123.46" for 1,234,567.89 yuan; without its unit."""
    return _hundredths(fen, WAN)


def money(fen: int) -> str:
    """With the unit that suits the size: "980.50元", "123.46万元", "1.23亿元"."""
    if abs(fen) < WAN:
        return f"{yuan(fen)}元"
    return f"{wan(fen)}万元" if abs(fen) < YI else f"{_hundredths(fen, YI)}亿元"


def exact(fen: int) -> str:
    """Of one bill or family, to the fen: "12,810元", "980.50元"."""
    return f"{yuan(fen).removesuffix('.00')}元"


def round_money(fen: int) -> str:
    """The same of a round amount, without zeros behind it: "6万元", "0.5亿元", "200元"."""
    text = money(fen)
    digits, unit = text.rstrip("元万亿"), text.lstrip(f"0123456789,.{MINUS}")
    return f"{digits.rstrip('0').rstrip('.')}{unit}" if fen else "0"


def rate(basis_points: int) -> str:
    """ "62.5%"."""
    return _signed(format_rate(abs(basis_points)), basis_points)


def more(text: str) -> str:
    """A change: "+1,234" above zero, else as it is."""
    return text if text.startswith(MINUS) or not any(one in "123456789" for one in text) else f"+{text}"


def as_text(value: int, unit: Unit) -> str:
    """The value in its own unit: money of any size, a rate, a number."""
    match unit:
        case Unit.FEN:
            return money(value)
        case Unit.RATE:
            return rate(value)
    return number(value)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _signed(text: str, value: int) -> str:
    return f"{MINUS}{text}" if value < 0 else text


def _hundredths(fen: int, unit: int) -> str:
    parts = round_half_up(abs(fen) * 100, unit)
    return _signed(f"{parts // 100:,}.{parts % 100:02d}", fen if parts else 0)
