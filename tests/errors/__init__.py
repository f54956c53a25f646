"""A specimen of every message that a policy file can earn: its folder is named after the finding's code."""
