"""Commands of an installation: its tables, its server, its work, its people, its copies, its recount."""
