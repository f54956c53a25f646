"""What insurance has paid already, as the message brings it in `exp_content`.

Where basic and critical illness insurance are settled by another system, a hospital forwards that system's answer:
the whole `setlinfo` and `setldetail`, or only the amounts by their own names. The layers before relief are then taken
from the message, never computed. `facts` brings what only some policies ask of an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import format_yuan
from tuodi.gateway.national import codes
from tuodi.gateway.national.amounts import BILL_FIELDS
from tuodi.gateway.national.desk import Bill, FundPayment, Upstream
from tuodi.gateway.national.fields import Many, One, Text, Yuan, read_record
from tuodi.gateway.national.json_text import Json

PLACE = "data.exp_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidRow:
    """One fund's row of a forwarded `setldetail`."""

    fund_pay_type: Annotated[str, Text("基金支付类型", 8)]
    fund_payamt: Annotated[int, Yuan("基金支付金额")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAmounts:
    """Amounts by their names in `setlinfo`; `commercial_pay` and `other_relief_pay` are ours."""

    medfee_sumamt: Annotated[int | None, Yuan("医疗费总额")] = None
    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额")] = None
    overlmt_selfpay: Annotated[int | None, Yuan("超限价自费费用")] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额")] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额")] = None
    act_pay_dedc: Annotated[int | None, Yuan("实际支付起付线")] = None
    hifp_pay: Annotated[int | None, Yuan("基本医疗保险统筹基金支出")] = None
    cvlserv_pay: Annotated[int | None, Yuan("公务员医疗补助资金支出")] = None
    hifes_pay: Annotated[int | None, Yuan("企业补充医疗保险基金支出")] = None
    hifmi_pay: Annotated[int | None, Yuan("居民大病保险资金支出")] = None
    hifob_pay: Annotated[int | None, Yuan("职工大额医疗费用补助基金支出")] = None
    hifdm_pay: Annotated[int | None, Yuan("伤残人员医疗保障基金支出")] = None
    maf_pay: Annotated[int | None, Yuan("医疗救助基金支出")] = None
    oth_pay: Annotated[int | None, Yuan("其他支出")] = None
    acct_pay: Annotated[int | None, Yuan("个人账户支出")] = None
    hosp_part_amt: Annotated[int | None, Yuan("医院负担金额")] = None
    commercial_pay: Annotated[int | None, Yuan("商业保险支付")] = None
    other_relief_pay: Annotated[int | None, Yuan("其他救助支付")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """`exp_content` that carries another system's answer whole."""

    setlinfo: Annotated[PaidAmounts | None, One("上游结算信息")] = None
    setldetail: Annotated[tuple[PaidRow, ...], Many("上游结算基金分项")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a message brings of others' settlements. Nothing at all where `upstream` is None."""

    upstream: Upstream | None = None
    bill: Bill | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)


def read_upstream(extension: Json, insutype: str, total: int, own: Bill | None) -> Brought:
    """What the extension brings, beside the bill of `total` and the message's `own` parts of it, if it has any.

    Raises Faults: amounts that contradict each other or the bill, relief that was paid already, facts that are none.
    """
    if not isinstance(extension, dict):
        return Brought(bill=own)
    amounts, rows = _given(extension)
    findings = [*_contradictions(amounts, rows, total)]
    bill = own or _bill(amounts, total)
    facts = extension.get("facts") or {}
    if not isinstance(facts, dict):
        findings.append(_finding("bad-facts", "扩展字段中的 facts 应是 JSON 对象", "facts", '写成 {"名称": 值}'))
    upstream = None if amounts is None else _upstream(amounts, rows, insutype)
    findings += _too_much(upstream, total)
    if findings:
        raise Faults(findings)
    return Brought(upstream=upstream, bill=bill, facts=facts if isinstance(facts, dict) else {})


def bill_of(total: int, parts: Iterable[int | None], place: str = "data") -> Bill | None:
    """The bill in its four parts; None where not all of them are given. Raises Faults where they don't add up (I5)."""
    own_paid, over_limit, prepaid, in_policy = parts
    if own_paid is None or over_limit is None or prepaid is None or in_policy is None:
        return None
    if (adds := own_paid + over_limit + prepaid + in_policy) != total:
        message = f"四项费用之和 {format_yuan(adds)} 与医疗费总额 {format_yuan(total)} 不符"
        remedy = "全自费、超限价、先行自付、符合政策范围四项之和应等于医疗费总额"
        raise Faults([Finding(code="bill-does-not-add-up", message=message, place=Place(path=place), remedy=remedy)])
    return Bill(total=total, own_paid=own_paid, over_limit=over_limit, prepaid=prepaid, in_policy=in_policy)


# ---- helpers ---------------------------------------------------------------------------------------------------------

_FUND_OF_FIELD = {
    "cvlserv_pay": "320100",
    "hifes_pay": "370100",
    "hifmi_pay": "390200",
    "hifob_pay": "330100",
    "hifdm_pay": "350100",
    "oth_pay": codes.OTHER_FUND,
}
_PAYER_OF_FIELD = {"commercial_pay": "commercial", "other_relief_pay": "other_relief"}
_SUMS = ("hifp_pay", *_FUND_OF_FIELD, *_PAYER_OF_FIELD)


def _given(extension: Mapping[str, Json]) -> tuple[PaidAmounts | None, tuple[PaidRow, ...]]:
    """The amounts and rows that the extension holds; no amounts where it holds nothing of a settlement."""
    names = {key.lower() for key in extension}
    try:
        if names & {"setlinfo", "setldetail"}:
            forwarded = read_record(Forwarded, dict(extension))
            return forwarded.setlinfo or PaidAmounts(), forwarded.setldetail
        if names & {*_SUMS, "maf_pay", "acct_pay"}:
            return read_record(PaidAmounts, dict(extension)), ()
    except Faults as why:
        raise Faults(_moved(why.findings)) from None
    return None, ()


def _contradictions(amounts: PaidAmounts | None, rows: Iterable[PaidRow], total: int) -> Iterable[Finding]:
    if amounts is None:
        return
    if amounts.medfee_sumamt not in (None, total):
        message = f"上游结算的医疗费总额 {format_yuan(amounts.medfee_sumamt or 0)} 与本次 {format_yuan(total)} 不一致"
        yield _finding("upstream-total", message, "medfee_sumamt", "转发同一次就诊的上游结算结果")
    if amounts.maf_pay or any(row.fund_payamt for row in rows if row.fund_pay_type[:4] == "6101"):
        yield _finding(
            "upstream-relief", "上游结算已含医疗救助支出，不得重复救助", "maf_pay", "请先撤销上游的医疗救助结算"
        )
    yield from _rows_against_sums(amounts, rows)


def _rows_against_sums(amounts: PaidAmounts, rows: Iterable[PaidRow]) -> Iterable[Finding]:
    """Where both are forwarded, each of the seven sums equals its rows."""
    by_field: dict[str, int] = {}
    for row in rows:
        name = codes.field_of_fund(row.fund_pay_type[:6])
        by_field[name] = by_field.get(name, 0) + row.fund_payamt
    for name in ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay") if by_field else ():
        told: int | None = getattr(amounts, name)
        if told is not None and told != by_field.get(name, 0):
            message = f"上游 {name} 为 {format_yuan(told)}，与基金分项 {format_yuan(by_field.get(name, 0))} 不一致"
            yield _finding("upstream-rows", message, name, "原样转发上游结算的 setlinfo 和 setldetail")


def _bill(amounts: PaidAmounts | None, total: int) -> Bill | None:
    return None if amounts is None else bill_of(total, (getattr(amounts, name) for name in BILL_FIELDS), PLACE)


def _upstream(amounts: PaidAmounts, rows: tuple[PaidRow, ...], insutype: str) -> Upstream:
    funds = tuple(_payments_of_rows(rows) if rows else _payments_of_sums(amounts, insutype))
    return Upstream(
        payments=(*funds, *_ours(amounts)),
        account=_told(amounts, rows, "acct_pay"),
        hospital=_told(amounts, rows, "hosp_part_amt"),
        deductible=amounts.act_pay_dedc or 0,
    )


def _told(amounts: PaidAmounts, rows: Iterable[PaidRow], name: str) -> int:
    """The sum, or where it was not forwarded what its rows add up to."""
    told: int | None = getattr(amounts, name)
    if told is not None:
        return told
    return sum(row.fund_payamt for row in rows if codes.field_of_fund(row.fund_pay_type[:6]) == name)


def _payments_of_rows(rows: Iterable[PaidRow]) -> Iterable[FundPayment]:
    """Each fund's row but those of the account, the hospital and relief."""
    for row in rows:
        fund = row.fund_pay_type[:6]
        if row.fund_payamt and codes.field_of_fund(fund) not in ("acct_pay", "hosp_part_amt", "maf_pay"):
            yield FundPayment(fund=fund, payer=codes.payer_of_fund(fund), amount=row.fund_payamt)


def _payments_of_sums(amounts: PaidAmounts, insutype: str) -> Iterable[FundPayment]:
    basic = codes.fund_of_payer(codes.INSURANCE_OF_INSUTYPE.get(insutype, ""), "basic")
    for name, fund in {"hifp_pay": basic, **_FUND_OF_FIELD}.items():
        if paid := getattr(amounts, name):
            payer = "basic" if name == "hifp_pay" else codes.payer_of_fund(fund)
            yield FundPayment(fund=fund, payer=payer, amount=paid)


def _ours(amounts: PaidAmounts) -> Iterable[FundPayment]:
    for name, payer in _PAYER_OF_FIELD.items():
        if paid := getattr(amounts, name):
            yield FundPayment(fund=codes.OTHER_FUND, payer=payer, amount=paid)


def _too_much(upstream: Upstream | None, total: int) -> list[Finding]:
    if upstream is None:
        return []
    paid = sum(payment.amount for payment in upstream.payments)
    if paid + upstream.hospital <= total:
        return []
    message = f"上游各方支付 {format_yuan(paid + upstream.hospital)} 超过医疗费总额 {format_yuan(total)}"
    return [_finding("upstream-too-much", message, "", "核对上游结算结果")]


def _moved(findings: Iterable[Finding]) -> list[Finding]:
    return [
        Finding(code=one.code, message=one.message, place=Place(path=f"{PLACE}.{one.place.path}"), remedy=one.remedy)
        for one in findings
    ]


def _finding(code: str, message: str, path: str, remedy: str) -> Finding:
    place = Place(path=f"{PLACE}.{path}" if path else PLACE)
    return Finding(code=code, message=message, place=place, remedy=remedy)
