"""The year's holidays as an administrator enters them from the State Council's notice, and the calendar in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection

from tuodi.core.finding import Faults, Finding, finding
from tuodi.platform.base import audit
from tuodi.platform.base.workdays import SATURDAY, Calendar, Holidays, shipped


def calendar() -> Calendar:
    """The calendar in force: what comes with the program, and above it what was declared, the latest of each year."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct on (year) year, rests, works from base_holiday order by year, id desc")
        return shipped().with_declared(_holidays(*row) for row in cursor.fetchall())


def declare(*, year: int, rests: Collection[date], works: Collection[date], document: str) -> None:
    """Enter a year's free days and worked weekends; entered again, the later entry holds. Faults: all of them."""
    if findings := _findings(year, rests, works, document):
        raise Faults(findings)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_holiday (year, rests, works, document) values (%s, %s, %s, %s)",
            [year, sorted(rests), sorted(works), document.strip()],
        )
    audit.record(act="holiday.declare", subject=f"holiday:{year}", reason=document.strip())


def _holidays(year: int, rests: Collection[date], works: Collection[date]) -> Holidays:
    return Holidays(year=year, rests=frozenset(rests), works=frozenset(works))


def _findings(year: int, rests: Collection[date], works: Collection[date], document: str) -> list[Finding]:
    found = [
        finding("holiday-year", f"{day} 不在 {year} 年", str(day), "只录入这一年的日期")
        for day in sorted({*rests, *works})
        if day.year != year
    ]
    found += [
        finding("holiday-twice", f"{day} 既放假又上班", str(day), "只留一处") for day in sorted(set(rests) & set(works))
    ]
    found += [
        finding("holiday-no-weekend", f"{day} 本来就是工作日，不用调休", str(day), "调休上班日只写周六、周日")
        for day in sorted(works)
        if day.weekday() < SATURDAY
    ]
    if not rests:
        found.append(finding("holiday-empty", f"{year} 年没有一天放假", "rests", "照通知录入全部放假日期"))
    if not document.strip():
        found.append(finding("holiday-document", "没有写明依据的文件", "document", "写明通知的文号"))
    return found
