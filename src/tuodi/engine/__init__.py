"""A policy and a case in, settlements that explain themselves out. Pure: no file, no clock, no database."""
