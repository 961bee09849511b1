"""Slack's refusals and broken connections, as the errors that gateways raise."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import ConfigError, DeliveryError, PermanentError, RetryableError, UncertainError

SENDS = frozenset({"chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal", "response_url"})
"""The calls that people would see twice if they were made twice; any other may simply be made again."""
LIMITED = frozenset({"ratelimited", "rate_limited"})
BUSY = frozenset({"service_unavailable", "team_added_to_org"})
DOUBTFUL = frozenset({"fatal_error", "internal_error", "request_timeout"})
"""Slack says of these that some of the work may have been done (docs.slack.dev, errors of each method)."""
TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "team_access_not_granted", "token_expired", "token_revoked"}
)

REASONS = {
    "cannot_dm_bot": "a bot cannot be written to directly",
    "cannot_reply_to_message": "the thread is gone",
    "channel_not_found": "there is no such channel, or the app is not in it",
    "expired_trigger_id": "the trigger is no longer good",
    "invalid_arguments": "Slack does not take what was sent",
    "is_archived": "the channel is archived",
    "message_not_found": "the message is gone",
    "missing_scope": "the app lacks a permission",
    "name_taken": "a channel of that name is there already",
    "not_in_channel": "the app is not in the channel",
    "restricted_action": "the workspace does not let the app do this",
    "thread_not_found": "the thread is gone",
    "token_revoked": "the app's token was revoked",
    "user_disabled": "the account was closed",
    "user_not_found": "nobody is known by that id",
    "user_not_in_channel": "the person is not in the channel",
}
APPS = "https://api.slack.com/apps"
REFUSED = (
    "Slack refuses the bot token ({code}). Open " + APPS + ", choose your app, then “OAuth & Permissions”: "
    "press “Install to Workspace” (or “Reinstall”), and copy the “Bot User OAuth Token” into SLACK_BOT_TOKEN."
)
APP_REFUSED = (
    "Slack refuses the app-level token ({code}). Open " + APPS + ", choose your app, then “Basic Information”, "
    "“App-Level Tokens”, “Generate Token and Scopes”: add connections:write, and copy the token into SLACK_APP_TOKEN."
)
NO_SOCKET_MODE = (
    "Socket Mode is switched off for this app. Open " + APPS + ", choose your app, then “Socket Mode”, "
    "and switch “Enable Socket Mode” on."
)
NO_SECRET = (
    "SLACK_MODE=http needs the signing secret. Open " + APPS + ", choose your app, then “Basic Information”, "
    "“App Credentials”: press “Show” beside “Signing Secret”, and copy it into SLACK_SIGNING_SECRET."
)


class SlackRefusalError(PermanentError):
    """Slack said no; ``code`` is its word for why (docs.slack.dev, errors of each method)."""

    def __init__(self, method: str, code: str, detail: str = "") -> None:
        self.code = code
        reason = REASONS.get(code, "Slack refuses")
        super().__init__(f"{reason} ({method}: {code}{detail})")


def translated(method: str, error: Exception) -> DeliveryError:
    """Return what a failed call means: certainly not done, never to be done, or perhaps done."""
    if isinstance(error, SlackApiError):
        return _answered(method, error.response)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return RetryableError(f"Slack cannot be reached ({method}): {error}")
    return in_doubt(method, repr(error))


def in_doubt(method: str, reason: str) -> DeliveryError:
    """Return what it means that no clear answer came."""
    text = f"no clear answer from Slack ({method}): {reason}"
    return UncertainError(text) if method in SENDS else RetryableError(text)


def judged(method: str, status: int, headers: Any, code: str, detail: str = "") -> DeliveryError:
    """Return what an answer other than yes means; ``code`` is empty when there was none to be read."""
    if status == 429 or code in LIMITED:
        return RetryableError(f"Slack asks to wait ({method})", retry_after(headers))
    if code in BUSY:
        return RetryableError(f"Slack is busy ({method}: {code})")
    if not code or code in DOUBTFUL or status >= 500:
        return in_doubt(method, f"{status} {code}")
    return SlackRefusalError(method, code, detail)


def _answered(method: str, response: Any) -> DeliveryError:
    # The SDK keeps its own response, or aiohttp's when the answer could not be read.
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    said = data if isinstance(data, dict) else {}
    wanted = f", needs {said['needed']}" if said.get("needed") else ""
    about = "; ".join(said.get("response_metadata", {}).get("messages", [])[:3])
    return judged(method, status, response.headers, str(said.get("error", "")), wanted or (about and f": {about}"))


def retry_after(headers: Any) -> float:
    """Return how long Slack asks to wait, in seconds; 1 if it does not say."""
    try:
        return max(float(headers.get("Retry-After", 1)), 0.0)
    except (TypeError, ValueError):
        return 1.0


def bot_token_error(code: str) -> ConfigError:
    """Return the step that mends a bot token that Slack refuses."""
    return ConfigError(REFUSED.format(code=code))


def app_token_error(code: str) -> ConfigError:
    """Return the step that mends an app-level token that Slack refuses, or the lack of Socket Mode."""
    switched_off = code in {"link_disabled", "socket_mode_disabled", "method_not_allowed"}
    return ConfigError(NO_SOCKET_MODE if switched_off else APP_REFUSED.format(code=code))
