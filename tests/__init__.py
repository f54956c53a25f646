"""Tests: folders mirror src/tuodi; beside them errors/, journeys/ and house/."""
