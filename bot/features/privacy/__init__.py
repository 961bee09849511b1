"""The privacy slice."""
