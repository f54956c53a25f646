"""Large sums as people write them: "3000万", "1.2亿", "1250000.50"; exact, in fen."""

from __future__ import annotations

import re
from decimal import Decimal

from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

_SUM = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(万|亿)?元?\Z", re.ASCII)
_FEN = {None: 100, "万": 1_000_000, "亿": 10_000_000_000}
_LARGEST = 10**16
"""Fen of 100 trillion yuan: sums stay far from the end of 64 bits."""


def fen_of(text: str, option: str, say: Say) -> int:
    """Fen. Raises WrongUse where it is no sum of whole fen."""
    match = _SUM.match(text.strip())
    fen = Decimal(match[1].replace(",", "")) * _FEN[match[2]] if match else Decimal("0.5")
    if fen != fen.to_integral_value() or fen > _LARGEST:
        raise WrongUse(
            say(
                f"{option} {text}：写成金额，如 3000万、1.2亿、1250000.50",
                f"{option} {text}: write a sum in yuan, such as 30000000, 3000万 or 1.2亿",
            )
        )
    return int(fen)
