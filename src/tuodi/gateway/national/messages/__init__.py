"""The transactions: records of what each asks and answers, one module a family, and the list of all."""
