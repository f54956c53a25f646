"""The parts of a policy file, each with its shape."""
