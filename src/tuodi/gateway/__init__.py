"""The doors for machines: the national platform's interface for institutions, and a hospital that uses it."""
