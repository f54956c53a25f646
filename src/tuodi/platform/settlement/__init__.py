"""Bills settled while the patient waits: once each, within every limit, explained, booked, and taken back by replay."""
