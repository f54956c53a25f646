"""A policy's program as terms of a solver: what holds for every bill, or the smallest bill for which it does not."""
