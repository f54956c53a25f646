"""A settlement's amounts in the message's own fields, and the sums that must hold to the cent.

`written` puts total, payers, relief, personal and hospital part where the interface wants them; `check_identities`
names each sum that does not hold, of our own answers and of others'. `mirrored` makes a cancel's answer.

A grant may pay more than the bill leaves (20 a bed-day, 900 for a birth). The interface has no place for that: what
goes beyond the bill is paid outside it and told in `exp_content`, so that the sums hold. The personal account never
bears more than the person does: what relief has taken over goes back to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from tuodi.core.money import format_yuan
from tuodi.gateway.national import codes
from tuodi.gateway.national.desk import FundPayment, ReliefLine, Settled
from tuodi.gateway.national.fields import Yuan, table_of
from tuodi.gateway.national.json_text import Json
from tuodi.gateway.national.messages.settlement import FundRow, SettlementInfo

FUND_FIELDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")
"""What adds up to `fund_pay_sumamt`."""

BILL_FIELDS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
"""What adds up to `medfee_sumamt`."""

LONGEST_PROCESS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenIdentity:
    """A sum that does not hold: its number (I1 to I7), what it says, both sides in fen."""

    id: str
    says: str
    left: int
    right: int

    def __str__(self) -> str:
        return f"{self.id} {self.says}：{format_yuan(self.left)} ≠ {format_yuan(self.right)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """A settlement's amounts as a message tells them."""

    info: SettlementInfo
    rows: tuple[FundRow, ...]


def written(settled: Settled) -> Amounts:
    """The settlement as `setlinfo` and `setldetail`. Sums hold, or it is a bug of who settled (INV-01)."""
    hospital, relief = _inside_the_bill(settled)
    payments: dict[str, Any] = {**dict.fromkeys(FUND_FIELDS, 0), **_by_field(settled.payments), "maf_pay": relief}
    funds = sum(payments.values())
    account = min(settled.account, settled.personal)
    info = SettlementInfo(
        **_who(settled),
        medfee_sumamt=settled.bill.total,
        fulamt_ownpay_amt=settled.bill.own_paid,
        overlmt_selfpay=settled.bill.over_limit,
        preselfpay_amt=settled.bill.prepaid,
        inscp_scp_amt=settled.bill.in_policy,
        act_pay_dedc=min(settled.deductible, settled.bill.in_policy),
        pool_prop_selfpay=settled.basic_rate,
        **payments,
        fund_pay_sumamt=funds,
        psn_part_amt=settled.personal,
        acct_pay=account,
        psn_cash_pay=settled.personal - account,
        hosp_part_amt=hospital,
        balc=settled.balance,
        acct_mulaid_pay=0,
        hifdm_pay=0,
        exp_content=_details(settled, relief),
    )
    amounts = Amounts(info=info, rows=_rows(settled, relief, account, hospital))
    broken = check_identities(amounts.info, amounts.rows)
    assert not broken, f"INV-01 a bill balances: {'; '.join(map(str, broken))}"
    return amounts


def mirrored(amounts: Amounts) -> Amounts:
    """The amounts of a cancel: every one negated; the balance stays what it is."""
    return Amounts(
        info=replace(_negated(amounts.info), balc=amounts.info.balc, exp_content=None),
        rows=tuple(_negated(row) for row in amounts.rows),
    )


def check_identities(info: SettlementInfo, rows: Sequence[FundRow]) -> tuple[BrokenIdentity, ...]:
    """The sums that do not hold; none of a sound answer. Also for a cancel, where all is negated.

    Rows are checked where there are any.
    """
    personal, hospital = info.psn_part_amt or 0, info.hosp_part_amt or 0
    funds = info.fund_pay_sumamt
    sums = [
        ("I1", "医疗费总额 = 基金支付总额 + 个人负担 + 医院负担", info.medfee_sumamt, funds + personal + hospital),
        ("I2", "基金支付总额 = 各项基金支出之和", funds, _sum_of(info, FUND_FIELDS)),
        ("I3", "个人负担 = 个人账户 + 个人现金", personal, info.acct_pay + info.psn_cash_pay),
        (
            "I5",
            "医疗费总额 = 全自费 + 超限价 + 先行自付 + 符合政策范围",
            info.medfee_sumamt,
            _sum_of(info, BILL_FIELDS),
        ),
    ]
    if rows:
        paid = sum(row.fund_payamt for row in rows)
        sums.append(
            ("I6", "各基金分项之和 = 基金支付总额 + 个人账户 + 医院负担", paid, funds + info.acct_pay + hospital)
        )
        sums.append(("I6", "医疗救助分项 = 医疗救助基金支出", _paid_under(rows, "6101"), info.maf_pay))
    broken = [
        BrokenIdentity(id=id_, says=says, left=left, right=right) for id_, says, left, right in sums if left != right
    ]
    return (*broken, *_bounds(info))


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _bounds(info: SettlementInfo) -> Iterable[BrokenIdentity]:
    if abs(info.acct_mulaid_pay) > abs(info.acct_pay):
        says = "个人账户支出包含共济支付"
        yield BrokenIdentity(id="I4", says=says, left=info.acct_pay, right=info.acct_mulaid_pay)
    if abs(info.act_pay_dedc or 0) > abs(info.inscp_scp_amt):
        says = "起付线不超过符合政策范围金额"
        yield BrokenIdentity(id="I7", says=says, left=info.act_pay_dedc or 0, right=info.inscp_scp_amt)


def _inside_the_bill(settled: Settled) -> tuple[int, int]:
    """Hospital part and relief as far as the bill holds them: first a grant's excess goes, then the hospital's part.

    The hospital's part gives way where payers have paid more than a package allows.
    """
    relief = sum(line.paid for line in settled.relief)
    paid = sum(payment.amount for payment in settled.payments)
    over = paid + relief + settled.personal + settled.hospital - settled.bill.total
    beyond = min(max(over, 0), sum(line.paid for line in settled.relief if line.grant))
    return settled.hospital - max(over - beyond, 0), relief - beyond


def _by_field(payments: Iterable[FundPayment]) -> dict[str, int]:
    """Fen by field of the settlement; a fund that has no field of its own, or none here, is other."""
    sums: dict[str, int] = {}
    for payment in payments:
        name = codes.field_of_fund(payment.fund)
        name = name if name in FUND_FIELDS and name != "maf_pay" else "oth_pay"
        sums[name] = sums.get(name, 0) + payment.amount
    return sums


def _who(settled: Settled) -> dict[str, Any]:
    person = settled.person
    enrolment = next((one for one in person.enrolments if one.active), None)
    return {
        "mdtrt_id": settled.visit,
        "setl_id": settled.number,
        "psn_no": person.number,
        "psn_name": person.name,
        "psn_cert_type": person.document,
        "certno": person.document_number,
        "gend": person.sex,
        "naty": person.ethnic_group,
        "brdy": person.birth_date,
        "insutype": settled.insutype,
        "psn_type": enrolment.person_kind if enrolment else "",
        "cvlserv_flag": "1" if enrolment and enrolment.civil_servant else "0",
        "setl_time": settled.settled_at,
        "mdtrt_cert_type": settled.certificate,
        "med_type": settled.med_type,
        "medins_setl_id": settled.message,
        "clr_optins": settled.clearing_region,
        "clr_way": "1",
        "clr_type": codes.CLR_TYPE_OF_MED_TYPE.get(settled.med_type, "99"),
    }


def _rows(settled: Settled, relief: int, account: int, hospital: int) -> tuple[FundRow, ...]:
    in_policy = settled.bill.in_policy
    insurance = codes.INSURANCE_OF_INSUTYPE.get(settled.insutype, "none")
    rows = [_row(payment.fund, payment.amount, in_policy) for payment in settled.payments if payment.amount]
    lefts = [line.limit_left for line in settled.relief if line.limit_left is not None]
    rows.append(_row(codes.RELIEF_FUND, relief, in_policy, settled.why, relief + min(lefts) if lefts else None))
    if account:
        rows.append(_row(codes.ACCOUNT_FUND.get(insurance, "310200"), account, in_policy))
    if hospital:
        rows.append(_row(codes.HOSPITAL_FUND, hospital, in_policy))
    return tuple(rows)


def _row(fund: str, amount: int, in_policy: int, process: str = "", payable: int | None = None) -> FundRow:
    return FundRow(
        fund_pay_type=fund,
        inscp_scp_amt=in_policy,
        crt_payb_lmt_amt=payable,
        fund_payamt=amount,
        fund_pay_type_name=codes.FUND.name(fund),
        setl_proc_info=process[:LONGEST_PROCESS],
    )


def _details(settled: Settled, relief: int) -> Json:
    """Our lines one by one, and what a grant pays beyond the bill; nothing where there is no relief."""
    if not settled.relief:
        return None
    details: dict[str, Json] = {"relief_lines": [_detail(line) for line in settled.relief]}
    if beyond := sum(line.paid for line in settled.relief) - relief:
        details["relief_beyond_bill"] = _yuan(beyond)
    return details


def _detail(line: ReliefLine) -> dict[str, Json]:
    return {"label": line.label, "clause": line.clause, "paid": _yuan(line.paid)}


def _yuan(fen: int) -> Decimal:
    return Decimal(format_yuan(fen))


def _sum_of(info: SettlementInfo, names: Iterable[str]) -> int:
    return sum(getattr(info, name) for name in names)


def _paid_under(rows: Iterable[FundRow], fund: str) -> int:
    return sum(row.fund_payamt for row in rows if row.fund_pay_type[:4] == fund)


def _negated(record: Any) -> Any:
    """The record with every amount negated."""
    money = {field.name for field in table_of(type(record)) if isinstance(field.form, Yuan)}
    changed = {one.name: -value for one in fields(record) if one.name in money and (value := getattr(record, one.name))}
    return replace(record, **changed)
