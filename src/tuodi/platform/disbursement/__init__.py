"""What the fund owes persons: ordered by the county, approved, reviewed and paid by others, returned, given back."""
