"""Discord as one of the assistant's platforms, through discord.py."""
