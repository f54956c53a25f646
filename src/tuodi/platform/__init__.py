"""The rooms that remember: Django and PostgreSQL start here. Each room is a Django application with a wall."""
