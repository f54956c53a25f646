"""A clause of a document: the reason behind every number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Document number and clause, as 聊政办发〔2022〕5号 and 三(四)1."""

    document: str
    clause: str

    def __str__(self) -> str:
        return f"{self.document} {self.clause}"
