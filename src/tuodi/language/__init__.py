"""A policy file, read, checked and frozen into a `Policy`. Knows no city, no database and no clock."""
