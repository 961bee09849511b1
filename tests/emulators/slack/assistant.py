"""Web API: assistant.threads.*, what the assistant's pane shows; and files.*, the upload in three steps."""

from __future__ import annotations

from tests.emulators.slack.calls import Arguments, method
from tests.emulators.slack.posting import compose, post
from tests.emulators.slack.state import AssistantThread, Json, Message, SlackError, Workspace

MOST_PROMPTS = 4


def _thread(world: Workspace, arguments: Arguments) -> AssistantThread:
    channel, ts = arguments.text("channel_id"), arguments.text("thread_ts")
    if channel not in world.channels:
        raise SlackError("channel_not_found")
    if (channel, ts) not in world.assistant_threads:
        raise SlackError("invalid_thread_ts", detail="Thread not found")
    return world.assistant_threads[channel, ts]


@method("assistant.threads.setStatus", "assistant:write", "chat:write", required=("channel_id", "thread_ts"))
def set_status(world: Workspace, arguments: Arguments) -> Json:
    """Say what the assistant is doing; an empty status clears it."""
    if "status" not in arguments.given:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: status"])
    _thread(world, arguments).status = arguments.text("status")
    world.touched()
    return {}


@method("assistant.threads.setTitle", "assistant:write", required=("channel_id", "thread_ts", "title"))
def set_title(world: Workspace, arguments: Arguments) -> Json:
    """Name the thread."""
    _thread(world, arguments).title = arguments.text("title")
    world.touched()
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write", required=("channel_id", "thread_ts", "prompts"))
def set_prompts(world: Workspace, arguments: Arguments) -> Json:
    """Suggest up to four things to say."""
    prompts, thread = arguments.value("prompts", "invalid_arguments"), _thread(world, arguments)
    if not isinstance(prompts, list) or len(prompts) > MOST_PROMPTS:
        raise SlackError("invalid_arguments", [f"[ERROR] no more than {MOST_PROMPTS} items allowed"])
    if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
        raise SlackError("invalid_arguments", ["[ERROR] a prompt needs title and message"])
    thread.prompts, thread.prompts_title = prompts, arguments.text("title")
    world.touched()
    return {}


@method("files.getUploadURLExternal", "files:write", required=("filename", "length"))
def upload_url(world: Workspace, arguments: Arguments) -> Json:
    """Where to send a file to."""
    length = arguments.number("length", 0)
    if length < 1:
        raise SlackError("invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"])
    file_id = world.new_id("F")
    world.files[file_id] = {"id": file_id, "name": arguments.text("filename"), "length": length, "content": None}
    return {"upload_url": f"{world.base_url}/upload/v1/{file_id}", "file_id": file_id}


@method("files.completeUploadExternal", "files:write", required=("files",))
def complete_upload(world: Workspace, arguments: Arguments) -> Json:
    """Share uploaded files in a channel, or keep them private."""
    given = arguments.value("files", "invalid_arguments")
    if not isinstance(given, list) or not all(isinstance(each, dict) and each.get("id") for each in given):
        raise SlackError("invalid_arguments", ["[ERROR] must be an array of objects with an id [json-pointer:/files]"])
    if any(world.files.get(each["id"], {}).get("content") is None for each in given):
        raise SlackError("file_not_found")
    shared: list[Json] = []
    for each in given:
        kept = world.files[each["id"]]
        kept["title"] = each.get("title") or kept["name"]
        shared.append({"id": kept["id"], "title": kept["title"], "name": kept["name"], "size": len(kept["content"])})
    if arguments.text("channel_id"):
        _share(world, arguments, shared)
    return {"files": shared}


def _share(world: Workspace, arguments: Arguments, shared: list[Json]) -> None:
    channel = world.channels.get(arguments.text("channel_id"))
    if channel is None or world.bot.id not in channel.members:
        raise SlackError("invalid_channel")
    given = {"text": arguments.text("initial_comment"), "blocks": arguments.value("blocks", "invalid_blocks_format")}
    body = compose(world, given, arguments.text("thread_ts") or None) | {"files": shared, "upload": True}
    post(world, channel, Message(channel.id, body))
