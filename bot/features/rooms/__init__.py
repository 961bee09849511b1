"""The rooms slice."""
