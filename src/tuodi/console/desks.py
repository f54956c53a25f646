"""Groups of desks, by what they have to do with a page."""

from tuodi.platform.base.domain import Desk

ALL = frozenset(Desk) - {Desk.system}
ADMINISTRATORS = frozenset({Desk.administrator})
COUNTIES = frozenset({Desk.county})
CITIES = frozenset({Desk.city})
HOSPITALS = frozenset({Desk.hospital})

FINDERS = frozenset({Desk.county, Desk.township, Desk.department, Desk.city, Desk.supervisor, Desk.insurer})
"""Desks that look people up."""

FUND_READERS = frozenset({Desk.county, Desk.finance, Desk.city, Desk.supervisor})
"""Desks that may read the fund's books."""

BILL_READERS = frozenset({Desk.hospital, Desk.county, Desk.finance, Desk.city, Desk.supervisor})
"""Desks that may read settlements of their own."""

TRAIL_READERS = frozenset({Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.administrator})
"""Desks that read the audit trail of their region."""

ROSTER_WRITERS = frozenset({Desk.department, Desk.county})
"""Desks that hand in rosters."""

ROSTER_READERS = ROSTER_WRITERS | {Desk.city, Desk.supervisor}
"""Desks that look at rosters."""

ENROLLERS = frozenset({Desk.county, Desk.township})
"""Desks that register persons one by one."""

BILL_CHANGERS = frozenset({Desk.hospital, Desk.county})
"""Desks that cancel a bill of their own."""

PROPOSAL_READERS = frozenset({Desk.county, Desk.city, Desk.supervisor})
"""Desks that see the changes which wait for an approval."""
