"""The program of a policy compiled over columns: millions of events, Parquet to Parquet, to the same fen."""
