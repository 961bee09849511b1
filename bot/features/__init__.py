"""Vertical slices: one folder for each thing the assistant does."""
