"""Answers of Slack's Web API and its events, as people keep them in files.

One answer (`{"ok": true, "messages": […]}`), a list of recorded calls (`{"uri", "request_body", "response"}`), one
event (`{"event": {…}}`), or a bare list of messages. Methods: https://docs.slack.dev/reference/methods/.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.integrations.slack.directory import looks_like_id
from app.integrations.slack.values import NOTHING, Object, first_text, inner, objects, text

METHOD = re.compile(r"/api/([a-z]+(?:\.[A-Za-z]+)+)")
LISTS = ("members", "channels", "groups", "ims", "users", "usergroups", "user", "channel", "team", "usergroup")
"""What tells who and what there is; an answer with one of these needs no messages."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer or event. `called` is the method or event, `channel` an id or "" where the call does not say it."""

    called: str
    body: Object
    channel: str = ""
    numbered: str = ""
    """«call 3» where the file holds several."""


def answers(value: Any, stem: str) -> list[Answer] | None:
    """The answers in a file whose name begins with `stem`, or None where it holds nothing of Slack's."""
    if isinstance(value, dict):
        one = answer(value, stem)
        return [one] if one else None
    if not isinstance(value, list):
        return None
    calls = [each for each in objects(value) if "response" in each and ("uri" in each or "method" in each)]
    if calls:
        return [recorded(call, f"call {at}") for at, call in enumerate(calls, 1)]
    found = [answer(each, stem) for each in objects(value)]
    if value and all(found):
        return [one for one in found if one]
    if any("ts" in each for each in objects(value)):
        return [Answer(stem, {"messages": value})]
    return None


def answer(body: Object, stem: str) -> Answer | None:
    if event := inner(body, "event"):
        return Answer(first_text(event, "type") or stem, {"ok": True, "event": event}, channel_in(event))
    if isinstance(body.get("messages"), list) or isinstance(body.get("ok"), bool):
        return Answer(stem, body, channel_in(body))
    return None


def channel_in(body: Object) -> str:
    given = body.get("channel")
    if isinstance(given, dict):
        return first_text(given, "id", "name")
    return text(given) or first_text(body, "channel_id")


def recorded(call: Object, numbered: str) -> Answer:
    uri = text(call.get("uri"))
    found = METHOD.search(uri)
    called = found[1] if found else uri.rpartition("/")[2][:60]
    response = call.get("response")
    body = response if isinstance(response, dict) else NOTHING
    return Answer(called, body, channel_in(body) or asked_for(call), numbered)


def asked_for(call: Object) -> str:
    """The channel that a recorded call names."""
    try:
        query = urlsplit(text(call.get("uri"))).query
    except ValueError:
        query = ""
    asked = parse_qs(f"{query}&{text(call.get('request_body'))[:2000]}")
    channel = asked.get("channel", [""])[0]
    return channel if looks_like_id(channel) else ""


def messages(found: Answer) -> list[Any] | None:
    """The messages of an answer in any shape, None where it is none that could hold any."""
    body = found.body
    if event := inner(body, "event"):
        return [event] if first_text(event, "type") in ("message", "app_mention") else None
    given = body.get("messages")
    if isinstance(given, dict):
        return list(objects(given.get("matches")))
    if isinstance(given, list):
        return list(with_threads(given))
    if first_text(body, "ts") and inner(body, "message"):
        return [inner(body, "message")]
    return None


def with_threads(given: list[Any]) -> Iterator[Any]:
    """Messages, each followed by the replies that some programs nest within it."""
    for each in given:
        yield each
        if isinstance(each, dict):
            yield from objects(each.get("slackdump_thread_replies"))


def refusal(found: Answer) -> str:
    """Why an answer without messages gives nothing, as a sentence; "" where it tells who or what there is."""
    called = f"«{found.called[:60]}»"
    if inner(found.body, "event"):
        return f"It is the event {called}, which holds no message."
    if found.body.get("ok") is False:
        reason = first_text(found.body, "error")
        return f"Slack's answer to {called} says that it failed (ok is false, " + (
            f"error «{reason[:60]}»)." if reason else "without a reason)."
        )
    if any(found.body.get(name) for name in LISTS):
        return ""
    return f"It is Slack's answer to {called}, which holds no messages."
