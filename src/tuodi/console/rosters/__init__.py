"""Rosters of the departments: handed in as a file, looked at, taken in, taken back."""
