"""An amount in parts by shares, to the fen: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Sequence

from tuodi.core.money import BASIS_POINTS


def apportion(fen: int, shares: Sequence[int]) -> tuple[int, ...]:
    """The amount (>= 0) by shares in basis points that add up to 100 %, in their order; the parts add up to the amount.

    Each share gets its exact part cut to the fen; the fen that are left go one each to the largest remainders, the
    earlier share first among equals.
    """
    assert fen >= 0 and min(shares) >= 0 and sum(shares) == BASIS_POINTS, "shares are never negative and make 100 %"
    parts = [divmod(fen * share, BASIS_POINTS) for share in shares]
    left = fen - sum(whole for whole, _ in parts)
    favoured = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left]
    return tuple(whole + (place in favoured) for place, (whole, _) in enumerate(parts))
