"""When due work runs: wake, claim, run, and try again."""
