"""Persons: found from anywhere, shown on one page with class, limits, years and papers; unmasked only with a reason."""
