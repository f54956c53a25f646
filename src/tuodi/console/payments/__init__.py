"""Payments to persons at their desks: what is owed, orders, what the bank gave back, what persons give back."""
