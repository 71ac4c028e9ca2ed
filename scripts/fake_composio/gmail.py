"""Gmail's tools as Composio gives them, over a mailbox in memory (gmail_box.py).

Shapes and defaults are those that were measured or read of: one message where no size is asked for, results in no
order within a page, an estimate that ends at 201, tokens that may be an empty text, the profile one level deeper than
the rest, no `history` where nothing changed, 404 where history is too old.
"""

import random
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scripts.fake_composio.gmail_box import SYSTEM, Box
from scripts.fake_composio.gmail_mail import Stored
from scripts.fake_composio.gmail_search import Search
from scripts.fake_composio.toolkit import Arguments, ToolFailed, ToolFunction, paged

MOST = 500
HIDDEN = frozenset({"SPAM", "TRASH"})
TYPES = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}
NOT_FOUND = "Requested entity was not found."
NO_SCOPE = "Request had insufficient authentication scopes."
EXISTS = "Label name exists or conflicts"
CHANGES = (
    *("deliver", "label", "unlabel", "trash", "delete", "generate"),
    *("expire_history", "expire_tokens", "let_write"),
)


@dataclass
class Mailbox(Box):
    """A mailbox with the tools of one account."""

    most: int = MOST
    """What an answer holds at most, however much is asked for."""
    by_position: bool = False
    """Whether tokens count messages, so that what is deleted between two pages makes the second skip one. Else they
    name the last message that was given."""
    toolkit: str = "gmail"
    tokens: int = 1
    """Their generation: those of earlier ones have expired."""
    writable: bool = True
    """Whether the account granted gmail.modify."""
    _found: dict[tuple[Any, ...], list[Stored]] = field(default_factory=dict)

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "GMAIL_FETCH_EMAILS": self._fetch_emails,
            "GMAIL_LIST_HISTORY": self._list_history,
            "GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID": self._fetch_message,
            "GMAIL_FETCH_MESSAGE_BY_THREAD_ID": self._fetch_thread,
            "GMAIL_GET_PROFILE": self._profile,
            "GMAIL_LIST_LABELS": self._labels,
            "GMAIL_CREATE_LABEL": self._create_label,
            "GMAIL_ADD_LABEL_TO_EMAIL": self._relabel_message,
            "GMAIL_MODIFY_THREAD_LABELS": self._relabel_thread,
        }

    def expire_tokens(self) -> None:
        self.tokens += 1

    def let_write(self, allowed: bool = True) -> None:
        """Whether labels may be changed from now on."""
        self.writable = allowed

    def change(self, command: dict[str, Any]) -> Any:
        """{"do": "deliver", "subject": …, "text": …}, {"do": "label", "id": …, "labels": […]}; likewise unlabel, trash,
        delete, generate, expire_history, expire_tokens and let_write, with the arguments of these methods."""
        rest = {name: value for name, value in command.items() if name != "do"}
        name = {"add_mail": "deliver"}.get(str(command.get("do")), command.get("do"))
        if name not in CHANGES:
            raise ValueError(f"no «{name}»; there are: {', '.join(CHANGES)}")
        if isinstance(rest.get("at"), str):
            rest["at"] = datetime.fromisoformat(rest["at"])
        if isinstance(rest.get("raw"), str):
            rest["raw"] = rest["raw"].encode()
        names = [rest.pop("id")] if "id" in rest else []
        names += rest.pop("labels") if name in ("label", "unlabel") and "labels" in rest else []
        try:
            done = getattr(self, name)(*names, **rest)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{name}: {error}") from error
        return done if isinstance(done, str) else True

    def _fetch_emails(self, arguments: Arguments) -> Any:
        found = self._matching(arguments)
        size = max(1, min(self._size(arguments, 1), self.most))
        start = self._start(found, arguments.get("page_token"))
        page = found[start : start + size]
        answer: dict[str, Any] = {"resultSizeEstimate": min(len(found), 201)}
        if start + size < len(found):
            key = start + size if self.by_position else int(page[-1].id, 16)
            answer["nextPageToken"] = f"{self.tokens:03d}{key:020d}"
        shown = sorted(page, key=lambda mail: mail.id[::-1])
        if arguments.get("ids_only"):
            return answer | {"messages": [{"messageId": mail.id, "threadId": mail.thread_id} for mail in shown]}
        payload, verbose = bool(arguments.get("include_payload", True)), bool(arguments.get("verbose", True))
        return answer | {"messages": [mail.answer(payload=payload, verbose=verbose) for mail in shown]}

    def _size(self, arguments: Arguments, otherwise: int) -> int:
        size = arguments.get("max_results", otherwise)
        if not isinstance(size, int) or not 1 <= size <= MOST:
            raise ToolFailed(f"max_results must be from 1 to {MOST}", 400)
        return size

    def _start(self, found: list[Stored], token: Any) -> int:
        if not token:
            return 0
        if not isinstance(token, str) or not token.isdecimal() or token[:3] != f"{self.tokens:03d}":
            raise ToolFailed("Invalid pageToken", 400)
        key = int(token[3:])
        return key if self.by_position else bisect_left(found, -key + 1, key=lambda mail: -int(mail.id, 16))

    def _matching(self, arguments: Arguments) -> list[Stored]:
        """All that is asked for, newest first. Kept while the mailbox does not change."""
        query, labels = str(arguments.get("query") or ""), tuple(arguments.get("label_ids") or ())
        hidden = bool(arguments.get("include_spam_trash"))
        asked = (query, labels, hidden, self.revision, self.now() if "_than:" in query else None)
        if asked not in self._found:
            self._found = {key: found for key, found in self._found.items() if key[3] == self.revision}
            self._found[asked] = self._search(query, labels, hidden=hidden)
        return self._found[asked]

    def _search(self, query: str, labels: tuple[str, ...], *, hidden: bool) -> list[Stored]:
        if unknown := [each for each in labels if each not in SYSTEM and each not in self.names]:
            raise ToolFailed(f"Invalid label: {unknown[0]}", 400)
        names = {name.lower().replace(" ", "-").replace("/", "-"): each for each, name in self.names.items()}
        matches, wanted = Search.of(query, names, self.now()), set(labels)
        hidden = (
            hidden or any(word in query for word in ("in:anywhere", "in:trash", "in:spam")) or bool(wanted & HIDDEN)
        )
        found = [
            mail
            for mail in self.messages.values()
            if wanted <= mail.labels and (hidden or not mail.labels & HIDDEN) and matches(mail)
        ]
        return sorted(found, key=lambda mail: int(mail.id, 16), reverse=True)

    def _list_history(self, arguments: Arguments) -> Any:
        start = str(arguments.get("start_history_id") or "")
        if not start.isdecimal():
            raise ToolFailed("Invalid startHistoryId", 400)
        if int(start) < self.forgotten:
            raise ToolFailed(NOT_FOUND, 404)
        wanted = {TYPES.get(each, each) for each in arguments.get("history_types") or TYPES}
        label = arguments.get("label_id")
        records = [
            each
            for each in self.history
            if each.id > int(start) and each.sort in wanted and (not label or label in each.stub["labelIds"])
        ]
        page, token = paged(records, arguments.get("page_token"), min(self._size(arguments, 100), self.most))
        answer: dict[str, Any] = {"historyId": str(self.history_id)}
        if page:
            answer["history"] = [each.answer() for each in page]
        return answer | ({"nextPageToken": token} if token else {})

    def _fetch_message(self, arguments: Arguments) -> Any:
        mail = self.messages.get(str(arguments.get("message_id")))
        if mail is None:
            raise ToolFailed(NOT_FOUND, 404)
        full = arguments.get("format", "full") == "full"
        return mail.answer(payload=full, verbose=full)

    def _fetch_thread(self, arguments: Arguments) -> Any:
        wanted = str(arguments.get("thread_id"))
        found = [mail for mail in self.messages.values() if mail.thread_id == wanted]
        if not found:
            raise ToolFailed(NOT_FOUND, 404)
        random.Random(wanted).shuffle(found)
        return {"messages": [mail.answer() for mail in found], "nextPageToken": None}

    def _profile(self, _arguments: Arguments) -> Any:
        totals = {
            "messagesTotal": len(self.messages),
            "threadsTotal": len({mail.thread_id for mail in self.messages.values()}),
        }
        return {"response_data": {"emailAddress": self.owner, **totals, "historyId": str(self.history_id)}}

    def _labels(self, _arguments: Arguments) -> Any:
        system = [{"id": each, "name": each, "type": "system"} for each in SYSTEM]
        own = [
            {"id": each, "name": name, "type": "user", "messageListVisibility": "show"}
            for each, name in self.names.items()
        ]
        return {"labels": [*system, *own]}

    def _create_label(self, arguments: Arguments) -> Any:
        self._check_scope()
        name = str(arguments.get("label_name") or "").strip()
        if not name or name.upper() in SYSTEM:
            raise ToolFailed("Invalid label name", 400)
        if name.lower() in (known.lower() for known in self.names.values()):
            raise ToolFailed(EXISTS, 409)
        shown = {"messageListVisibility": "show", "labelListVisibility": "labelShow"}
        return {"id": self.label_called(name), "name": name, "type": "user", **shown}

    def _relabel_message(self, arguments: Arguments) -> Any:
        self._check_scope()
        mail = self.messages.get(str(arguments.get("message_id")))
        if mail is None:
            raise ToolFailed(NOT_FOUND, 404)
        self._relabel([mail], arguments)
        return mail.stub()

    def _relabel_thread(self, arguments: Arguments) -> Any:
        self._check_scope()
        wanted = str(arguments.get("thread_id"))
        found = [mail for mail in self.messages.values() if mail.thread_id == wanted]
        if not found:
            raise ToolFailed(NOT_FOUND, 404)
        self._relabel(found, arguments)
        return {"id": wanted, "messages": [mail.stub() for mail in found]}

    def _relabel(self, mails: list[Stored], arguments: Arguments) -> None:
        added, removed = (
            [str(each) for each in arguments.get(f"{name}_label_ids") or ()] for name in ("add", "remove")
        )
        if not added and not removed:
            raise ToolFailed("No label add or removes specified", 400)
        if unknown := [each for each in (*added, *removed) if each not in SYSTEM and each not in self.names]:
            raise ToolFailed(f"labelId not found: {unknown[0]}", 400)
        if both := set(added) & set(removed):
            raise ToolFailed(f"Cannot both add and remove the same label: {min(both)}", 400)
        for mail in mails:
            self.label(mail.id, *added)
            self.unlabel(mail.id, *removed)

    def _check_scope(self) -> None:
        if not self.writable:
            raise ToolFailed(NO_SCOPE, 403)
