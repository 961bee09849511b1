"""The members slice."""
