"""Who works here and what they may see: regions, institutions, staff, scope in the database, audit, sealed numbers."""
