"""Policies as they are adopted: by which region, from which day, with which files, parameters and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.load import read_files
from tuodi.language.model import Policy as PolicyModel
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Share
from tuodi.platform.base import audit
from tuodi.platform.fund.domain import funding_faults
from tuodi.platform.settlement import engines
from tuodi.platform.settlement.connections import fetched
from tuodi.platform.settlement.models import Policy

THE_COUNTY = (Share(source=Source.county, basis_points=10_000),)
"""Who bears what a document says nothing about, if the region doesn't say otherwise."""


def adopt(
    *,
    region: str,
    folder: Path,
    starts_on: date,
    reason: str,
    plan: Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    otherwise: Sequence[Share] = THE_COUNTY,
) -> int:
    """From the day on the region settles by the policy of the folder; a later row for the same day corrects it.

    Inside the scope of the city, or the system's: a city's policy is not its counties' to widen or to narrow. The
    documents' files are kept, so that every settlement can be explained as long as it is. Raises Faults:
    `adoption-not-yours`, and those of policy, plan, parameters and funding, all at once.
    """
    if not _may_adopt(region):
        raise Faults([_not_yours(region)])
    candidate = engines.Adopted(
        id=0,
        files=_texts(folder),
        plan_files=None if plan is None else _texts(plan),
        parameters=dict(parameters or {}),
        otherwise=tuple((share.source.name, share.basis_points) for share in otherwise),
    )
    ready = engines.made(candidate)
    faults = funding_faults(ready.policy) + _unsplit(otherwise)
    if faults:
        raise Faults(faults)
    row = Policy.objects.create(
        region_id=region,
        starts_on=starts_on,
        document_id=_kept(ready.policy, candidate.files),
        plan_id=None if ready.plan is None else _kept(ready.plan, candidate.plan_files or {}),
        parameters=candidate.parameters,
        otherwise=candidate.otherwise,
        reason=reason,
    )
    audit.record(act="settlement.adopt", subject=f"policy:{row.pk}", region=region, reason=reason)
    return int(row.pk)


def row(policy: int) -> engines.Adopted:
    """The policy row of that id, with its files; committed ones only."""
    ((number, files, plan_files, parameters, otherwise),) = fetched(_ROW, [policy])
    return engines.Adopted(
        id=number, files=files, plan_files=plan_files, parameters=parameters,
        otherwise=tuple((source, points) for source, points in otherwise),
    )  # fmt: skip


def ready(policy: int) -> engines.Ready:
    """The engine of the policy row."""
    return engines.kept(policy) or engines.keep(row(policy))


_ROW = "select id, files, plan_files, parameters, otherwise from settlement_adopted(%s)"


def _may_adopt(region: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select settlement_may_adopt(%s)", [region])
        return bool(cursor.fetchone()[0])


def _not_yours(region: str) -> Finding:
    return Finding(
        code="adoption-not-yours",
        message=f"{region} 执行的政策不由这里设定",
        place=Place(path="region"),
        remedy="政策由市级设定，县（市、区）不自行扩大或缩小救助范围和标准",
    )


def _texts(folder: Path) -> dict[str, str]:
    return {name: content.decode() for name, content in read_files(folder).items()}


def _kept(policy: PolicyModel, files: Mapping[str, str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into settlement_document (hash, name, files) values (%s, %s, %s) on conflict do nothing",
            [policy.content_hash, policy.document.id, Jsonb(dict(files))],
        )
    return policy.content_hash


def _unsplit(shares: Sequence[Share]) -> list[Finding]:
    whole = sum(share.basis_points for share in shares) == 10_000
    once = len({share.source for share in shares}) == len(shares)
    if whole and once and all(share.basis_points > 0 for share in shares):
        return []
    return [
        Finding(code="shares-not-whole", message="资金分担合计不是 100%，或同一来源写了两次", remedy="改正分担比例")
    ]
