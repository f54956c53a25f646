"""Clearing with institutions: the month's statements, one of them whole, acts upon it, what is late, agreed terms."""
