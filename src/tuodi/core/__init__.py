"""Words that every room may use: money, rate, period, citation, finding. Standard library only."""
