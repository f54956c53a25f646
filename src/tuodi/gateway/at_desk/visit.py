"""Visits and their fee lines: rows that are added, and what they come to now. Inside the hospital's scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import QuerySet

from tuodi.core.finding import Faults
from tuodi.gateway import models
from tuodi.gateway.at_desk import person
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.at_desk.kept import hold
from tuodi.gateway.at_desk.split import Split, split_of, undivided
from tuodi.gateway.catalogue.item import Parts
from tuodi.gateway.catalogue.keeping import divided_only, look
from tuodi.gateway.national.codes import SERVICE_OF_MED_TYPE
from tuodi.gateway.national.desk import (
    DiagnosisGiven,
    DischargeGiven,
    FeeLineGiven,
    FeeLineSplit,
    Refused,
    Sender,
    VisitDescribed,
    VisitOpened,
)
from tuodi.platform.base.domain import Scope

NO_VISIT = "就诊ID不存在，或不是该人员的就诊"
SETTLED = "该就诊有有效的结算，请先撤销结算"


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """A visit as it stands."""

    row: models.Visit
    started_at: datetime
    ended_at: datetime | None
    med_type: str
    disease: str
    disease_name: str
    diagnoses: tuple[str, ...]

    @property
    def service(self) -> str | None:
        """Our service; None where nobody has said yet what the visit is for."""
        return SERVICE_OF_MED_TYPE.get(self.med_type)


# ---- opening, describing, closing ------------------------------------------------------------------------------------


def opened(*, scope: Scope, sender: Sender, visit: VisitOpened) -> str | Refused:
    """The number of the new visit."""
    who = person.seen(visit.person)
    if who is None:
        return Refused(reason=person.NOT_SHOWN)
    row = models.Visit.objects.create(
        institution_id=scope.institution, region_id=scope.region, at=sender.received_at,
        transaction=sender.transaction, number=sender.message, person_id=who, stay=visit.stay,
        insutype=visit.insutype, certificate=visit.certificate, hospital_number=visit.hospital_number,
        started_at=visit.started_at, med_type=visit.med_type, department=visit.department, doctor=visit.doctor,
        disease=visit.disease, disease_name=visit.disease_name, diagnoses=_written(visit.diagnoses),
    )  # fmt: skip
    return str(row.pk)


def described(*, scope: Scope, sender: Sender, visit: VisitDescribed) -> Refused | None:
    """What a visit is for, or an admission changed."""
    now = found(visit.person, visit.visit)
    if isinstance(now, Refused):
        return now
    _step(
        scope, sender, now.row, "described", started_at=visit.started_at, med_type=visit.med_type,
        disease=visit.disease, disease_name=visit.disease_name, diagnoses=_written(visit.diagnoses),
    )  # fmt: skip
    return None


def discharged(*, scope: Scope, sender: Sender, discharge: DischargeGiven) -> Refused | None:
    """A stay's end."""
    now = found(discharge.person, discharge.visit)
    if isinstance(now, Refused):
        return now
    if discharge.ended_at < now.started_at:
        return Refused(reason="出院时间早于入院时间，请核对")
    _step(
        scope, sender, now.row, "discharged", ended_at=discharge.ended_at, disease=discharge.disease,
        disease_name=discharge.disease_name, diagnoses=_written(discharge.diagnoses),
    )  # fmt: skip
    return None


def returned(*, scope: Scope, sender: Sender, who: str, number: str) -> Refused | None:
    """The patient stays after all: not once the stay is settled."""
    now = found(who, number)
    if isinstance(now, Refused):
        return now
    if now.ended_at is None:
        return Refused(reason="该就诊没有办理出院")
    if standing_of(now.row):
        return Refused(reason=SETTLED)
    _step(scope, sender, now.row, "returned")
    return None


def withdrawn(*, scope: Scope, sender: Sender, who: str, number: str) -> Refused | None:
    """The visit never was."""
    now = found(who, number)
    if isinstance(now, Refused):
        return now
    if standing_of(now.row):
        return Refused(reason=SETTLED)
    _step(scope, sender, now.row, "withdrawn")
    return None


def found(who: str, number: str) -> Now | Refused:
    """The person's visit at this institution, held to the end of the transaction; not one that was withdrawn."""
    if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS):
        return Refused(reason=NO_VISIT)
    hold("visit", number)
    row = models.Visit.objects.filter(pk=int(number)).first()
    if row is None or str(row.person_id) != who:
        return Refused(reason=NO_VISIT)
    now = standing(row)
    return now if now is not None else Refused(reason="该就诊已撤销")


def standing(row: models.Visit) -> Now | None:
    """The visit after all its steps; None where it was withdrawn."""
    told = {name: getattr(row, name) for name in ("started_at", "med_type", "disease", "disease_name")}
    ended_at, diagnoses = None, {one["rank"]: one for one in row.diagnoses}
    for step in models.VisitStep.objects.filter(visit=row).order_by("id"):
        if step.kind == "withdrawn":
            return None
        ended_at = step.ended_at if step.kind in ("discharged", "returned") else ended_at
        told |= {name: value for name in told if (value := getattr(step, name))}
        diagnoses |= {one["rank"]: one for one in step.diagnoses}
    codes = [one["code"] for _, one in sorted(diagnoses.items()) if one["valid"]]
    return Now(row=row, ended_at=ended_at, diagnoses=tuple(dict.fromkeys(codes)), **told)


def standing_of(row: models.Visit) -> list[models.Settled]:
    """The settlements of the visit that stand."""
    return list(models.Settled.objects.filter(visit=row, cancels=None, cancelled=None, reversal=None))


# ---- fee lines -------------------------------------------------------------------------------------------------------


def added(*, scope: Scope, sender: Sender, lines: Sequence[FeeLineGiven]) -> tuple[FeeLineSplit, ...] | Refused:
    """All lines or none. Raises Faults where a line's own parts don't add up, or it must be divided and isn't."""
    now = found(lines[0].person, lines[0].visit)
    if isinstance(now, Refused):
        return now
    present = {line.line: line for line in _present(now.row)}
    if known := [line.line for line in lines if line.line in present]:
        return Refused(reason=f"费用明细流水号已上传：{'、'.join(known)}")
    if astray := [line.line for line in lines if _over_returned(line, present, lines)]:
        return Refused(reason=f"退费明细没有对应的原明细，或退费超过原明细：{'、'.join(astray)}")
    splits = _splits(scope, lines, present)
    if divided_only(scope.institution) and (faults := undivided(lines, splits)):
        raise Faults(faults)
    models.FeeLine.objects.bulk_create(
        [_row(scope, sender, now.row, line, split) for line, split in zip(lines, splits, strict=True)]
    )
    return tuple(split.told(line) for line, split in zip(lines, splits, strict=True))


def unsettled(row: models.Visit, batch: str = "") -> list[models.FeeLine]:
    """The visit's lines, or those of a batch, that are not withdrawn and in no settlement that stands."""
    settled = models.SettledLine.objects.filter(settled__in=standing_of(row)).values("fee_line_id")
    lines = _present(row).exclude(pk__in=settled)
    return list(lines.filter(batch=batch) if batch else lines)


def drop(*, scope: Scope, sender: Sender, who: str, number: str, lines: Sequence[str] | None) -> Refused | None:
    """Takes away these unsettled lines, or all of them."""
    now = found(who, number)
    if isinstance(now, Refused):
        return now
    free = {line.line: line for line in unsettled(now.row)}
    return _drop(scope, sender, now.row, free, [*free] if lines is None else lines)


def drop_batch(*, scope: Scope, sender: Sender, who: str, number: str, batch: str | None) -> Refused | None:
    """Takes away the unsettled lines of a batch, or of all."""
    now = found(who, number)
    if isinstance(now, Refused):
        return now
    free = {line.line: line for line in unsettled(now.row, batch or "")}
    wanted = [line.line for line in _present(now.row).filter(batch=batch)] if batch else [*free]
    return _drop(scope, sender, now.row, free, wanted)


# ---- helpers ---------------------------------------------------------------------------------------------------------

_DIGITS = 19


def _present(row: models.Visit) -> QuerySet[models.FeeLine]:
    return models.FeeLine.objects.filter(visit=row, feelinewithdrawal=None).order_by("id")


def _drop(
    scope: Scope, sender: Sender, row: models.Visit, free: dict[str, models.FeeLine], wanted: Iterable[str]
) -> Refused | None:
    missing = [line for line in wanted if line not in free]
    if missing:
        known = set(_present(row).values_list("line", flat=True))
        why = "费用明细已结算，不能撤销" if known >= set(missing) else "费用明细不存在"
        return Refused(reason=f"{why}：{'、'.join(missing)}")
    models.FeeLineWithdrawal.objects.bulk_create(
        models.FeeLineWithdrawal(
            fee_line=free[line], institution_id=scope.institution, region_id=scope.region, at=sender.received_at
        )
        for line in dict.fromkeys(wanted)
    )
    return None


def _over_returned(line: FeeLineGiven, present: dict[str, models.FeeLine], lines: Sequence[FeeLineGiven]) -> bool:
    """Whether a return names no line, or all returns of its line come to more than that."""
    if line.amount >= 0:
        return False
    original = present[line.returns].amount_fen if line.returns in present else None
    if original is None:
        return True
    before = sum(one.amount_fen for one in present.values() if one.returns == line.returns)
    returned = sum(one.amount for one in lines if one.returns == line.returns)
    return bool(original + before + returned < 0)


def _splits(scope: Scope, lines: Sequence[FeeLineGiven], present: dict[str, models.FeeLine]) -> list[Split]:
    """Of each line in its order; a return finds what earlier ones have left of its line."""
    found = look(scope.region, ((line.item, day_of(line.occurred_at)) for line in lines))
    left = _left(present)
    splits = []
    for line in lines:
        returns = line.amount < 0
        split = split_of(line, found[day_of(line.occurred_at)], left[line.returns] if returns else None)
        if returns:
            left[line.returns] = _plus(left[line.returns], split.parts)
        splits.append(split)
    return splits


def _left(present: dict[str, models.FeeLine]) -> dict[str, Parts]:
    """Of each line what is not returned yet."""
    left: dict[str, Parts] = {}
    for line in present.values():
        name = line.returns or line.line
        parts = Parts(line.own_paid_fen, line.over_limit_fen, line.prepaid_fen, line.in_policy_fen)
        left[name] = _plus(left[name], parts) if name in left else parts
    return left


def _plus(one: Parts, other: Parts) -> Parts:
    return Parts(*(left + right for left, right in zip(one, other, strict=True)))


def _row(scope: Scope, sender: Sender, visit: models.Visit, line: FeeLineGiven, split: Split) -> models.FeeLine:
    return models.FeeLine(
        institution_id=scope.institution, region_id=scope.region, at=sender.received_at, visit=visit, line=line.line,
        returns=line.returns, batch=line.batch, occurred_at=line.occurred_at, item=line.item,
        local_item=line.local_item, count=line.count, price=line.price, amount_fen=line.amount,
        own_paid_fen=split.parts.own_paid, over_limit_fen=split.parts.over_limit, prepaid_fen=split.parts.prepaid,
        in_policy_fen=split.parts.in_policy, divided_by=split.by,
    )  # fmt: skip


def _step(scope: Scope, sender: Sender, row: models.Visit, kind: str, **told: object) -> None:
    models.VisitStep.objects.create(
        institution_id=scope.institution, region_id=scope.region, at=sender.received_at, visit=row, kind=kind, **told
    )


def _written(diagnoses: Iterable[DiagnosisGiven]) -> list[dict[str, object]]:
    return [asdict(one) for one in diagnoses]
