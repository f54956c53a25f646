"""Who is relieved and since when: persons, households, insurance and statuses over time, and the departments' rosters."""
