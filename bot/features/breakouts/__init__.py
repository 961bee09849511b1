"""The breakouts slice."""
