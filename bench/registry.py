"""A roster of 100,000 persons: read, looked at and imported; then the next quarter's, and that one taken back.

`TUODI_DATA=/tmp/somewhere .venv/bin/python -m bench.registry [ROWS]`; its database is made and removed again.
"""

import io
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuodi.site.settings")

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000


def main() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        run()
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def run() -> None:
    from tuodi.platform.base.models import Region
    from tuodi.platform.registry import roster

    Region.objects.create(code="371502", name="东昌府区")
    for title, content in (("first roster", workbook(0)), ("next quarter", workbook(ROWS // 20))):
        which = timed(f"{title}: preview", lambda content=content: preview(content))
        timed(f"{title}: import", lambda which=which: roster.take_in(roster=which))
    timed("next quarter: taken back", lambda: roster.undo(roster=which, reason="演练"))


def timed(title: str, act: Callable[[], object]) -> object:
    from tuodi.platform.base.domain import Desk, Scope
    from tuodi.platform.base.scope import entered

    began, used, served = time.perf_counter(), time.process_time(), database_seconds()
    with entered(Scope(desk=Desk.county, region="371502", staff=1)):
        answer = act()
    spent, served = time.process_time() - used, database_seconds() - served
    print(f"{title:28} {time.perf_counter() - began:6.1f} s; CPU: Python {spent:5.1f} s, PostgreSQL {served:5.1f} s")
    return answer


def database_seconds() -> float:
    """CPU of the server's process that serves this connection; it runs on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def preview(content: bytes) -> int:
    from tuodi.platform.registry import roster
    from tuodi.platform.registry.delivery import Delivery, Mode
    from tuodi.platform.registry.domain import Department

    day = date(2026, 9, 30)
    delivery = Delivery(
        region="371502", department=Department.civil_affairs, mode=Mode.full, adjusted_on=day, effective_on=day,
        received_on=day,
    )  # fmt: skip
    return roster.preview(content=content, file_name="名单.xlsx", delivery=delivery, today=date(2026, 11, 1))


def workbook(shift: int) -> bytes:
    """So many valid numbers of nobody; `shift` of them leave at the front and as many come at the end."""
    import numpy as np
    import xlsxwriter

    from tuodi.lab.population.identity import Office

    people = np.arange(ROWS + shift)
    days = people % 20_000
    born = np.datetime64("1950-01-01") + days
    digits = np.array([int(str(day).replace("-", "")) for day in born])
    numbers = Office("371500").numbers(days + 711_858, digits, people % 2 == 0)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "constant_memory": False}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(
            0, 0, ["姓名", "身份证号码", "救助对象类别", "户编号", "与户主关系", "乡镇（街道）", "认定日期"]
        )
        for row, person in enumerate(people[shift:], 1):
            name = "赵钱孙李周吴郑王单仇"[person % 10] + "一二三四五六七八九"[person % 9]
            cells = [name, numbers[person].tobytes().decode(), "低保", f"H{person // 3}", "户主", "柳园", "2024-01-01"]
            sheet.write_row(row, 0, cells)
    return target.getvalue()


if __name__ == "__main__":
    main()
