"""The ports of the instrument."""
