"""`tuodi demo`: what `make run` shows."""

from __future__ import annotations

import pytest

from tests.cli.terminal import tuodi

NO_CITY = ("--persons", "0")


def test_the_demonstration_settles_all_five_documents_and_explains_one() -> None:
    run = tuodi("demo", *NO_CITY)

    assert (0, "") == (run.code, run.err)
    assert 5 == run.out.count("逐分一致\n")
    assert "救助（三(四)1）" in run.out
    assert "tuodi policy new" in run.out


def test_the_demonstration_says_where_it_differs_from_the_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    from tuodi.cli import worked
    from tuodi.core.finding import Finding

    monkeypatch.setattr(worked, "differences", lambda *_: (Finding(code="worked-case-differs", message="差一分"),))
    run = tuodi("demo", *NO_CITY)

    assert 1 == run.code
    assert "处不同" in run.out
    assert "逐分一致。" not in run.out


def test_the_demonstration_speaks_english() -> None:
    assert "One of them, clause by clause" in tuodi("demo", *NO_CITY, "--lang", "en").out
