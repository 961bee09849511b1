"""The help slice."""
