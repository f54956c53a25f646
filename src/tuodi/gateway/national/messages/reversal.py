"""Reversal of a transaction whose outcome the sender does not know: 2601."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tuodi.gateway.national.fields import One, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """2601: the transaction with this message number is to leave nothing behind."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    omsgid: Annotated[str, Text("原发送方报文ID", 30)]
    oinfno: Annotated[str, Text("原交易编号", 6)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalMessage:
    """Input of 2601."""

    data: Annotated[Reversal, One("冲正")]
