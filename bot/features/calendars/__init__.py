"""The calendars slice."""
