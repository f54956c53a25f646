"""Monthly clearing with institutions: what each is owed, compared, disallowed with reason, approved, paid."""
