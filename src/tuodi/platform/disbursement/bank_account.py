"""Where a person is paid: entered by the county, kept sealed. An account that was wrong is followed by another one."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Faults, Finding, finding
from tuodi.platform.base import audit
from tuodi.platform.base.seal import masked_name
from tuodi.platform.disbursement import models
from tuodi.platform.disbursement.domain import account_findings, compact, masked_account
from tuodi.platform.registry.names import names_of

_ENTER = """
insert into disbursement_account (person_id, region_id, holder_sealed, number_sealed, bank, basis)
values (%s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """An account as a page shows it: name and number masked, unless somebody said why not."""

    id: int
    holder: str
    number: str
    bank: str
    basis: str


def enter(*, person: int, region: str, holder: str, bank: str, number: str, basis: str = "") -> None:
    """From now on the person is paid there. `basis`: why it is somebody else's account, where it is.

    Raises Faults: `account-…`, each at its field.
    """
    found = account_findings(holder=holder, bank=bank, number=number)
    name = names_of([person]).get(person)
    if not found and holder.strip() != name and not basis.strip():
        found = [_without_basis(name)]
    if found:
        raise Faults(found)
    sealed = [settings.SEAL.seal(text) for text in (holder.strip(), compact(number))]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [person, region, *sealed, bank.strip(), basis.strip()])
    audit.record(act="disbursement.enter_account", subject=f"person:{person}", region=region, reason=basis.strip())


def _without_basis(name: str | None) -> Finding:
    """Whoever is registered elsewhere by now has no name here to hold the account against."""
    if name is None:
        message, remedy = "对象已移交别的区划，户名无从核对，没有写明依据", "写明按什么证明核对了户名"
    else:
        message, remedy = "户名不是对象本人，没有写明代领的依据", "写明代领人与对象的关系和证明"
    return finding("account-basis", message, "basis", remedy)


def latest(persons: set[int], region: str) -> dict[int, models.Account]:
    """The account that counts now, by person, as far as the scope sees it."""
    found = models.Account.objects.filter(person_id__in=persons, region_id=region).order_by("person_id", "-id")
    return {each.person_id: each for each in found.distinct("person_id")}


def masked(account: models.Account) -> Payee:
    """As pages show it."""
    shown = clear(account)
    return Payee(
        id=shown.id, holder=masked_name(shown.holder), number=masked_account(shown.number), bank=shown.bank,
        basis=shown.basis,
    )  # fmt: skip


def clear(account: models.Account) -> Payee:
    """In the clear: for the list that goes to the bank."""
    holder, number = (settings.SEAL.unseal(bytes(each)) for each in (account.holder_sealed, account.number_sealed))
    return Payee(id=account.pk, holder=holder, number=number, bank=account.bank, basis=account.basis)
