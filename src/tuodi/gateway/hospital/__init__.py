"""A hospital that sends real messages: days of stays and visits, with retries, cancels and reconciliation."""
