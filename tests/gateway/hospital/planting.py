"""Differences planted into the file that a hospital hands up in the evening, and what the platform makes of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from tuodi.gateway.national.files import packed, unpacked
from tuodi.gateway.national.messages.reconciliation import ClaimedRow, ResultRow

Exchange = Callable[[bytes], bytes]


@dataclass
class Planter:
    """A line between a hospital and the platform: changes the file on its way up, and reads the result coming down.

    `planted` and `named`: the numbers of settlements that were made to differ, and that the platform says do, with how.
    """

    chance: Random
    planted: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    _changed: dict[bytes, bytes] = field(default_factory=dict)

    def exchange(self, body: bytes, send: Exchange) -> bytes:
        """One message and its answer."""
        if b'"infno":"9101"' in body:
            if body not in self._changed:  # the same again is changed in the same way
                self._changed[body] = self._planted(body)
            return send(self._changed[body])
        answer = send(body)
        if b'"infno":"9102"' in body:
            self._read(answer)
        return answer

    def _planted(self, body: bytes) -> bytes:
        """An amount off by a fen, a row left out, a row of nothing that was settled: as the file has room for them."""
        message = json.loads(body)
        file = message["input"]["fsUploadIn"]
        rows = list(unpacked(ClaimedRow, base64.b64decode(file["in"])))
        settled = [number for number, row in enumerate(rows) if row.refd_setl_flag == "0"]
        wrong, gone = self.chance.sample(settled, 2) if len(settled) > 2 else (settled[0], None)
        self.planted[rows[wrong].setl_id] = "3"
        rows[wrong] = replace(rows[wrong], fund_pay_sumamt=rows[wrong].fund_pay_sumamt + 1)
        rows.append(replace(rows[wrong], setl_id=f"99{self.chance.randrange(10**12)}"))
        self.planted[rows[-1].setl_id] = "2"
        if gone is not None:
            self.planted[rows.pop(gone).setl_id] = "1"
        file["in"] = base64.b64encode(packed(rows, "detail.txt")).decode()
        return json.dumps(message, ensure_ascii=False).encode()

    def _read(self, answer: bytes) -> None:
        self.named |= {row.setl_id: row.stmt_rslt for row in unpacked(ResultRow, answer) if row.stmt_rslt != "0"}
