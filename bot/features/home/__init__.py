"""The home slice."""
