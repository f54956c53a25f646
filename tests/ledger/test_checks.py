"""Each check finds its fault, planted in books that are right otherwise, and finds nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.ledger.book import REGION, account, breaches, marked, play, records
from tuodi.ledger.checks import CHECKS, Books, check

GOOD = """
2022-01-05 期初余额 O1
    借 县级 财政专户存款 100.00
    贷 县级 结转结余 100.00
2022-01-06 批准预算 B1
    借 县级 可用预算 900.00
    贷 县级 批准预算 900.00
2022-01-10 财政拨款 A1
    借 县级 财政专户存款 500.00
    借 市级 财政专户存款 500.00
    贷 县级 财政拨款收入 500.00
    贷 市级 财政拨款收入 500.00
2022-02-03 一站式救助 S1
    借 县级 医疗救助支出 50.00
    借 市级 医疗救助支出 50.01
    贷 县级 应付医疗机构 H1 50.00
    贷 市级 应付医疗机构 H1 50.01
2022-02-04 占用预算 B2
    借 县级 已占用预算 30.00
    贷 县级 可用预算 30.00
2022-02-05 参保资助 E1
    借 县级 参保资助支出 320.00
    贷 县级 应付参保资助 320.00
2022-03-02 关账 2022-02
2022-03-03 一站式救助 C1 发生 2022-02-03 冲销 S1
    贷 县级 医疗救助支出 50.00
    贷 市级 医疗救助支出 50.01
    借 县级 应付医疗机构 H1 50.00
    借 市级 应付医疗机构 H1 50.01
2022-03-03 利息 I1
    借 县级 财政专户存款 3.00
    贷 县级 利息收入 3.00
2022-03-03 利息 C2 冲销 I1
    贷 县级 财政专户存款 3.00
    借 县级 利息收入 3.00
2022-03-04 调剂 T1
    借 市级 调剂 10.00
    贷 市级 财政专户存款 10.00
    借 县级 财政专户存款 10.00
    贷 县级 调剂 10.00
"""


def test_books_that_were_posted_one_by_one_have_no_fault() -> None:
    journal = play(GOOD)

    assert [] == check(Books(records=journal.records, balances=journal.balances))


@pytest.mark.parametrize(
    "planted",
    [
        """
        2022-03-05 利息 X1                                         => entry-unbalanced
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 0.99
        """,
        """
        ; balanced over both funds, but in neither of them
        2022-03-05 利息 X1                                         => entry-unbalanced entry-unbalanced
            借 县级 财政专户存款 1.00
            贷 市级 利息收入 1.00
        """,
        """
        2022-03-05 利息 X1                                         => entry-empty
        """,
        """
        2022-03-05 利息 X1                                         => line-zero
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 1.00
            贷 市级 利息收入 0.00
        """,
        """
        2022-03-05 利息 X1                                         => account-twice
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 0.40
            贷 县级 利息收入 0.60
        """,
        """
        2022-03-05 调剂 X1                                         => transfer-lost
            借 市级 调剂 10.00
            贷 市级 财政专户存款 10.00
            借 县级 财政专户存款 9.00
            贷 县级 调剂 9.00
        """,
        """
        2022-03-05 利息 A1                                         => cause-twice
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 1.00
        """,
        """
        2022-03-05 一站式救助 X1 发生 2022-02-03 冲销 S1           => reversal-twice owed-below-zero owed-below-zero
            贷 县级 医疗救助支出 50.00
            贷 市级 医疗救助支出 50.01
            借 县级 应付医疗机构 H1 50.00
            借 市级 应付医疗机构 H1 50.01
        """,
        """
        2022-03-05 参保资助 X1 发生 2022-02-05 冲销 E1             => reversal-differs
            贷 县级 参保资助支出 319.99
            借 县级 应付参保资助 319.99
        """,
        """
        2022-03-05 参保资助 X1 冲销 E1                             => reversal-differs
            贷 县级 参保资助支出 320.00
            借 县级 应付参保资助 320.00
        """,
        """
        2022-03-05 利息 X1 冲销 X2                                 => reversal-of-nothing
            贷 县级 财政专户存款 1.00
            借 县级 利息收入 1.00
        2022-03-05 利息 X2
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 1.00
        """,
        """
        2022-03-05 利息 X1 发生 2022-03-03 冲销 C2 => reversal-of-reversal account-foreign account-foreign
            借 县级 财政专户存款 3.00
            贷 县级 利息收入 3.00
        """,
        """
        2022-02-28 利息 X1                                         => month-closed
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 1.00
        """,
        """
        2022-05-01 关账 2022-04                                    => month-out-of-order
        """,
        """
        2022-03-31 关账 2022-03                                    => month-not-over
        """,
        """
        2022-03-05 支付参保资助 X1                                 => owed-below-zero
            借 县级 应付参保资助 320.01
            贷 县级 财政专户存款 320.01
        """,
        """
        2022-03-05 释放预算 X1                                     => owed-below-zero
            借 县级 可用预算 30.01
            贷 县级 已占用预算 30.01
        """,
        """
        2022-03-05 利息 X1 发生 2022-03-06 知悉 2022-03-05         => day-before-it-happened day-before-it-happened
            借 县级 财政专户存款 1.00
            贷 县级 利息收入 1.00
        """,
        """
        ; a premium among relief
        2022-03-05 一站式救助 X1                                   => account-foreign
            借 县级 医疗救助支出 1.00
            借 县级 参保资助支出 1.00
            贷 县级 应付医疗机构 H1 2.00
        """,
        """
        ; the right accounts on the wrong sides
        2022-03-05 利息 X1                                         => account-foreign account-foreign
            贷 县级 财政专户存款 1.00
            借 县级 利息收入 1.00
        """,
    ],
)
def test_a_planted_fault_is_found_and_nothing_else(planted: str) -> None:
    assert sorted(marked(planted)) == sorted(breaches(GOOD + planted))


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({}, "余额记为 0.00，按分录重算为 1.00"),
        ({"县级 财政专户存款": 101, "县级 利息收入": -100}, "余额记为 1.01，按分录重算为 1.00"),
        ({"县级 财政专户存款": 100, "县级 利息收入": -100, "市级 捐赠收入": -1}, "余额记为 -0.01，按分录重算为 0.00"),
    ],
)
def test_a_balance_that_is_kept_wrong_is_found(kept: Mapping[str, int], message: str) -> None:
    one_entry = records("2022-03-05 利息 I1\n 借 县级 财政专户存款 1.00\n 贷 县级 利息收入 1.00")
    found = check(Books(records=one_entry, balances={account(name): fen for name, fen in kept.items()}))

    assert {"balance-differs"} == {finding.code for finding in found}
    assert message in found[0].message


def test_a_message_names_the_cause_the_account_the_invariant_and_the_remedy() -> None:
    closed = """
    2022-03-01 关账 2022-02
    2022-02-28 利息 I1
        借 县级 财政专户存款 1.00
        贷 县级 利息收入 1.00
    """
    books = Books(records=records(closed))
    (finding,) = check(books, [each for each in CHECKS if each.name == "closed-months-rest"])

    says = f"{REGION} 已关账到 2022-02，不能记入 2022-02（INV-19）"
    assert f"I1: {says}（记入 2022-03 或以后的月份，发生日不变） [month-closed]" == str(finding)


def test_every_check_has_its_own_name_and_invariant() -> None:
    assert len(CHECKS) == len({each.name for each in CHECKS}) == len({each.invariant for each in CHECKS})
    assert sorted(each.invariant for each in CHECKS) == [each.invariant for each in CHECKS]
