"""The subcommands of ``connections``: each a thin shell over use cases."""
