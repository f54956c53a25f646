"""The fund's books in pure double entry: accounts, immutable entries, months that close, checks that recount it all.

What happened is translated into entries outside; this room knows no policy, no settlement and no database.
"""
