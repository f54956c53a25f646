"""Clauses: each that something cites has its entry, and each entry lives somewhere."""

from __future__ import annotations

from tuodi.language.model import ClauseKind, Policy
from tuodi.language.reading import Kind, Reading

_NEEDS_NO_PLACE = frozenset({ClauseKind.DECLARATORY, ClauseKind.ELSEWHERE})


def every_clause_has_its_entry(policy: Policy, reading: Reading) -> None:
    """There are entries; one that is more than a declaration is cited or says where it lives."""
    if Kind.CLAUSE.value not in reading.root.entries and not reading.is_plan:
        reading.fault("missing-key", reading.root, "政策文件缺少 clauses", "逐条写上文件的条款：{is: …, says: …}")
    for clause in policy.clauses.values():
        cited = clause.id in reading.cited
        node = reading.declared(Kind.CLAUSE, clause.id)
        if set(clause.kinds) == {ClauseKind.DECLARATORY} and cited:
            message = f"条款 {clause.id} 标为宣示，却有内容以它为据"
            reading.fault("clause-declaratory", node, message, "is 改为 benefit、procedure 等，或改正引用")
        if not set(clause.kinds) <= _NEEDS_NO_PLACE and not cited and not clause.where:
            message = f"条款 {clause.id} 没有说落在何处，也没有内容以它为据"
            reading.fault(
                "clause-without-place", node, message, "用 in 写出条目的 id；没有可计算的内容就写 is: declaratory"
            )


def refusals_have_a_clause(policy: Policy, reading: Reading) -> None:
    """A person in no class is refused with a clause."""
    if policy.classes and "no_class" not in reading.root.entries:
        node = reading.root.entries[Kind.CLASS.value].key
        message = "没有说不属于任何类别的人依哪一条不予救助"
        reading.fault("missing-key", node, message, "补上 no_class: {clause: …}")
