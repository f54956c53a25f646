"""Groups of desks, by what they have to do with a page."""

from tuodi.platform.base.domain import Desk

ALL = frozenset(Desk) - {Desk.system}
ADMINISTRATORS = frozenset({Desk.administrator})
COUNTIES = frozenset({Desk.county})
HOSPITALS = frozenset({Desk.hospital})

FINDERS = frozenset({Desk.county, Desk.township, Desk.department, Desk.city})
"""Desks that look people up."""

FUND_READERS = frozenset({Desk.county, Desk.finance, Desk.city, Desk.supervisor})
"""Desks that may read the fund's books."""

BILL_READERS = frozenset({Desk.hospital, Desk.county, Desk.finance, Desk.city, Desk.supervisor})
"""Desks that may read settlements of their own."""

TRAIL_READERS = frozenset({Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.administrator})
"""Desks that read the audit trail of their region."""
