"""What clearing decides, without a database: statements, comparison, disallowances, steps, payment, deadlines."""
