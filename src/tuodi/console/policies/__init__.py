"""Policies in force, by region and day, and every clause with what the program makes of it."""
