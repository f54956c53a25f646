"""Who is relieved and since when: persons, households, insurance, statuses over time, and departments' rosters."""
