"""The fund's books as pages: a year, its accounts, an account's lines, an entry, and from there to the settlement."""
