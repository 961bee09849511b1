"""The meetings slice."""
