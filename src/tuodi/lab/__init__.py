"""Populations to try policies on, and what comes of it."""
