"""Policies as they are adopted: by which region, from which day, with which files, parameters and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from tuodi.core.finding import Faults, Finding, finding
from tuodi.language.load import read_files
from tuodi.language.model import Policy as PolicyModel
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Share
from tuodi.platform.base import audit, outbox
from tuodi.platform.fund.domain import funding_faults
from tuodi.platform.settlement import engines
from tuodi.platform.settlement.connections import fetched
from tuodi.platform.settlement.models import Policy

THE_COUNTY = (Share(source=Source.county, basis_points=10_000),)
"""Who bears what a document says nothing about, if the region doesn't say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a region is to settle by from a day on: documents by their files, parameters, and who bears what."""

    region: str
    starts_on: date
    files: Mapping[str, str]
    plan_files: Mapping[str, str] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Sequence[Share] = THE_COUNTY


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
    documents' files are kept, so that every settlement can be explained as long as it is. Whoever has bills since the
    day is settled again behind it (`sweep`), as proposals. Raises Faults: `adoption-not-yours`, and those of policy,
    plan, parameters and funding, all at once.
    """
    wanted = Wanted(
        region=region, starts_on=starts_on, files=texts(folder), plan_files=None if plan is None else texts(plan),
        parameters=parameters or {}, otherwise=otherwise,
    )  # fmt: skip
    return in_force(candidate_row(wanted, reason))


def candidate_row(wanted: Wanted, reason: str) -> Policy:
    """The row that could settle, not stored yet; its documents are. Raises Faults as `adopt`."""
    require_ours(wanted.region)
    candidate = engines.Adopted(
        id=0, files=wanted.files, plan_files=wanted.plan_files, parameters=dict(wanted.parameters),
        otherwise=tuple((share.source.name, share.basis_points) for share in wanted.otherwise),
    )  # fmt: skip
    ready = engines.made(candidate)
    if faults := funding_faults(ready.policy) + _unsplit(wanted.otherwise):
        raise Faults(faults)
    return Policy(
        region_id=wanted.region,
        starts_on=wanted.starts_on,
        document_id=_kept(ready.policy, candidate.files),
        plan_id=None if ready.plan is None else _kept(ready.plan, candidate.plan_files or {}),
        parameters=candidate.parameters,
        otherwise=candidate.otherwise,
        reason=reason,
    )


def in_force(made: Policy) -> int:
    """From here on the row settles, and whoever has bills since its day is settled again behind it.

    No bill slips between: those that are being committed come first, and are there to be found; all others are settled
    by the row.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(4111, 0)")
    made.save(force_insert=True)
    audit.record(act="settlement.adopt", subject=f"policy:{made.pk}", region=made.region_id, reason=made.reason)
    begin_sweep(made.pk)
    return int(made.pk)


def begin_sweep(policy: int) -> None:
    """Leaves the errand to hold the row against everybody's bills, in the transaction that makes it."""
    outbox.put(topic=SWEEP, key=f"policy:{policy}")


SWEEP = "settlement.sweep"


def require_ours(region: str) -> None:
    """Raises Faults: `adoption-not-yours`."""
    if not _may_adopt(region):
        raise Faults([_not_yours(region)])


def keep_document(files: Mapping[str, str]) -> str:
    """The hash under which the files of a policy or plan are kept. Raises Faults: everything wrong with them."""
    return _kept(engines.loaded(files), files)


def texts(folder: Path) -> dict[str, str]:
    """A policy's files by their names in its folder."""
    return {name: content.decode() for name, content in read_files(folder).items()}


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
    remedy = "政策由市级设定，县（市、区）不自行扩大或缩小救助范围和标准"
    return finding("adoption-not-yours", f"{region} 执行的政策不由这里设定", "region", remedy)


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
    return [finding("shares-not-whole", "资金分担合计不是 100%，或同一来源写了两次", remedy="改正分担比例")]
