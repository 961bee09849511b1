"""A Slack of our own, on loopback: real protocols for the real client libraries, and hands for its people."""

from tests.emulators.slack.limits import problems, view_problems
from tests.emulators.slack.server import SlackServer

__all__ = ["SlackServer", "problems", "view_problems"]
