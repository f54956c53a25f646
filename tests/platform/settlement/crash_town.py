"""A town in an installation of its own, and a server process that settles in it, to be killed. Run by test_crashes.

crash_town.py prepare FOLDER            the town; prints its people
crash_town.py settle PEOPLE FILE A B    settles bills A to B, and writes each down once it is acknowledged
"""

import sys
from pathlib import Path

import django


def main(act: str, *arguments: str) -> None:
    django.setup()
    from tests.platform.settlement.crash_work import prepare, settle

    if act == "prepare":
        prepare(Path(arguments[0]))
    else:
        people, file, first, last = arguments
        settle([int(one) for one in people.split(",")], file, int(first), int(last))


if __name__ == "__main__":
    main(*sys.argv[1:])
