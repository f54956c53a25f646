"""What a running installation needs around the program: the PostgreSQL that comes along."""
