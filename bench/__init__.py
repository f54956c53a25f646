"""Speed, always beside something else in the same run: what is quoted is a ratio, not a machine."""
