"""Errands: done once, by one worker, whole or not at all, and tried again."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tuodi.platform.base import audit, outbox, work
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Audit, Outbox
from tuodi.platform.base.scope import entered
from tuodi.platform.base.work import Errand

pytestmark = pytest.mark.django_db(transaction=True)
COUNTY = Scope(desk=Desk.county, region="371502", staff=7)


@pytest.fixture(autouse=True)
def ends(settings: object, tmp_path: Path) -> Iterator[Path]:
    settings.AUDIT_ENDS = tmp_path / "audit-ends.txt"
    return iter([settings.AUDIT_ENDS])


def left(*keys: str) -> None:
    with entered(COUNTY):
        for key in keys:
            outbox.put(topic="notice.send", key=key, payload={"to": key})


def send(errand: Errand) -> None:
    audit.record(act="notice.send", subject=errand.key, details=errand.payload)


def fail(errand: Errand) -> None:
    send(errand)
    raise OSError("no answer")


def test_an_errand_is_run_once_with_what_was_put_beside_it():
    left("case:1")

    assert [True, False] == [work.one_errand({"notice.send": send}) for _ in range(2)]
    assert [("case:1", {"to": "case:1"})] == list(Audit.objects.values_list("subject", "details"))


def test_errands_of_a_topic_that_nobody_runs_wait():
    left("case:1")

    assert not work.one_errand({"another": send})


def test_one_that_fails_leaves_nothing_and_is_tried_later_and_later():
    left("case:1")
    waits = []
    for _ in range(3):
        before = timezone.now()
        assert work.one_errand({"notice.send": fail})
        errand = Outbox.objects.get()
        waits.append((errand.due_at - before) // timedelta(seconds=30))
        Outbox.objects.update(due_at=before)

    assert ([1, 2, 4], 3, "OSError: no answer", None) == (waits, errand.tries, errand.trouble, errand.done_at)
    assert not Audit.objects.exists()


def test_one_that_failed_does_not_hold_up_the_others():
    left("case:1", "case:2")

    def first_fails(errand: Errand) -> None:
        (fail if errand.key == "case:1" else send)(errand)

    while work.one_errand({"notice.send": first_fails}):
        pass
    assert ["case:2"] == list(Outbox.objects.exclude(done_at=None).values_list("key", flat=True))


def test_one_that_fails_again_and_again_is_told():
    left("case:1")
    Outbox.objects.update(tries=audit.TRIES_TOO_MANY, trouble="OSError: no answer")

    with entered(SYSTEM):
        (finding,) = audit.findings()
    assert "errand-stuck" == finding.code
    assert "notice.send（case:1）已失败 8 次：OSError: no answer" in finding.message


def test_many_workers_share_the_errands():
    left(*(f"case:{number}" for number in range(40)))

    def worker() -> None:
        try:
            while work.one_errand({"notice.send": send}):
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    subjects = list(Audit.objects.values_list("subject", flat=True))
    assert (40, 40) == (len(subjects), len(set(subjects)))


def test_a_worker_that_dies_leaves_its_errand():
    left("case:1")

    def die(errand: Errand) -> None:
        send(errand)
        raise SystemExit

    with pytest.raises(SystemExit):
        work.one_errand({"notice.send": die})
    assert (0, None) == Outbox.objects.values_list("tries", "done_at").get()
    assert work.one_errand({"notice.send": send})


def test_working_off_seals_the_trail_and_notes_its_end(settings: object):
    with entered(COUNTY):
        audit.record(act="case.decide", subject="case:1")

    work.work_off()

    assert settings.AUDIT_ENDS.read_text().startswith("1 ")
    with entered(SYSTEM):
        assert [] == list(audit.findings())


def test_errands_done_long_ago_are_forgotten():
    left("case:1", "case:2")
    long_ago: datetime = timezone.now() - timedelta(days=91)
    Outbox.objects.filter(key="case:1").update(done_at=long_ago)

    work.tidy()

    assert ["case:2"] == list(Outbox.objects.values_list("key", flat=True))


def test_it_works_until_it_is_stopped():
    left("case:1")
    stopped = threading.Event()

    def stop(errand: Errand) -> None:
        stopped.set()

    told: list[tuple[str, str]] = []
    work.work(stopped, {"notice.send": stop}, lambda *run: told.append(run))
    assert [("notice.send case:1", "")] == told


def test_each_topic_has_one_runner():
    assert all(callable(runner) for runner in work.known().values())
