"""The fund's tables and their only poster: budget, income, relief, payments, corrections, months that close."""
