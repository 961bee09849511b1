"""One repository for each concern, behind the protocols of ``bot.ports``."""
