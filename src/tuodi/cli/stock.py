"""Policies and engines in use: each read once, each policy bound once for the same parameters.

An engine is kept by policy, plan and parameters; the least recently used goes first, so that a file with endless
parameters stays in flat memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.bind import bind
from tuodi.engine.case import CaseNames
from tuodi.engine.settle import Engine
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.shelf import packaged_plans, packaged_policies, standing_on

MOST_ENGINES = 256


class Stock:
    """What is in use. Shelves given go before the package's; Faults where a policy on them has faults."""

    def __init__(self, policies: Sequence[Path] = (), plans: Sequence[Path] = ()) -> None:
        self._policies = _Shelf(packaged_policies(), policies, "政策", "no-policy")
        self._plans = _Shelf(packaged_plans(), plans, "参保方案", "no-plan")
        self._engines: OrderedDict[tuple[str, str | None, bytes], Engine] = OrderedDict()

    def policy(self, name: str) -> Policy:
        """The policy with that id. Raises Faults: there is none, or it has faults."""
        return self._policies.take(name, "policy")

    def plan(self, name: str | None) -> Policy | None:
        """The insurance plan with that id; None for none."""
        return None if name is None else self._plans.take(name, "plan")

    def engine(self, names: CaseNames, parameters: Mapping[str, object]) -> Engine:
        """The engine for cases with these names and parameters. Raises Faults of policy, plan and parameters."""
        key = (names.policy, names.plan, orjson.dumps(parameters))
        engine = self._engines.get(key)
        if engine is None:
            engine = self._made(names, parameters)
            if len(self._engines) >= MOST_ENGINES:
                self._engines.popitem(last=False)
            self._engines[key] = engine
        else:
            self._engines.move_to_end(key)
        return engine

    def _made(self, names: CaseNames, parameters: Mapping[str, object]) -> Engine:
        return Engine(bind(self.policy(names.policy), parameters, self.plan(names.plan)))


class _Shelf:
    """Policies by id, read on first use; the faults of one that cannot be read are kept too.

    Folders that were given are read at once: they stand under the id that their document says.
    """

    def __init__(self, packaged: Mapping[str, Path], given: Sequence[Path], what: str, code: str) -> None:
        self.what = what
        self.code = code
        self.folders = dict(packaged)
        self.read: dict[str, Policy | Faults] = {}
        for folder in (folder for shelf in given for folder in standing_on(shelf).values()):
            policy = load_policy(folder)
            self.read[policy.document.id] = policy
            self.folders[policy.document.id] = folder

    def take(self, name: str, path: str) -> Policy:
        if name not in self.read:
            if name not in self.folders:
                raise Faults([self._unknown(name, path)])
            self.read[name] = _loaded(self.folders[name])
        found = self.read[name]
        if isinstance(found, Faults):
            raise found
        return found

    def _unknown(self, name: str, path: str) -> Finding:
        known = "、".join(sorted(self.folders))
        return Finding(
            code=self.code,
            message=f"没有编号为“{name[:60]}”的{self.what}",
            place=Place(path=path),
            remedy=f"可用的：{known}；文件夹里的用 --{'policies' if path == 'policy' else 'plans'} 给出",
        )


def _loaded(folder: Path) -> Policy | Faults:
    try:
        return load_policy(folder)
    except Faults as faults:
        return faults
