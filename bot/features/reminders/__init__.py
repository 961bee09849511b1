"""The reminders slice: what members ask to be reminded of."""
