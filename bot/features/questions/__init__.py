"""The questions slice."""
