"""The stand-in's mailbox answers as Composio's Gmail tools do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.toolkit import Changeable, ToolFailed, Toolkit
from tests.conftest import START


def mailbox(size: int = 0, **options: Any) -> Mailbox:
    return Mailbox(now=lambda: START, **options).generate(size, 1)


def emails(box: Mailbox, **arguments: Any) -> Any:
    return box.tools["GMAIL_FETCH_EMAILS"](arguments)


def found(box: Mailbox, query: str, **arguments: Any) -> set[str]:
    return {each["messageId"] for each in emails(box, query=query, max_results=500, **arguments)["messages"]}


def history(box: Mailbox, start: int, **arguments: Any) -> Any:
    return box.tools["GMAIL_LIST_HISTORY"]({"start_history_id": str(start), **arguments})


def test_it_is_a_toolkit_that_can_be_changed() -> None:
    box: Toolkit = mailbox()

    assert box.toolkit == "gmail"
    assert isinstance(box, Changeable)


def test_one_message_comes_where_no_size_is_asked_for() -> None:
    assert len(emails(mailbox(5))["messages"]) == 1


@pytest.mark.parametrize("size", [0, 501, "many"])
def test_sizes_beyond_the_bounds_are_refused(size: Any) -> None:
    with pytest.raises(ToolFailed, match="max_results"):
        emails(mailbox(5), max_results=size)


@pytest.mark.parametrize("by_position", [False, True])
def test_pages_give_everything_once(*, by_position: bool) -> None:
    box, ids, token = mailbox(25, by_position=by_position), list[str](), None

    while True:
        page = emails(box, max_results=10, page_token=token)
        ids += [each["messageId"] for each in page["messages"]]
        if not (token := page.get("nextPageToken")):
            break

    assert sorted(ids) == sorted(box.messages)
    assert ids != sorted(ids, reverse=True)


def test_tokens_expire() -> None:
    box = mailbox(5)
    token = emails(box)["nextPageToken"]
    box.expire_tokens()

    with pytest.raises(ToolFailed) as raised:
        emails(box, page_token=token)
    assert raised.value.status_code == 400


def test_the_estimate_ends_at_201() -> None:
    assert [emails(mailbox(size))["resultSizeEstimate"] for size in (0, 30, 300)] == [0, 30, 201]


def test_without_payload_the_text_is_still_there() -> None:
    (message,) = emails(mailbox(3), include_payload=False)["messages"]

    assert message["payload"] is None
    assert message["messageText"]


def test_ids_alone_can_be_asked_for() -> None:
    (message,) = emails(mailbox(3), ids_only=True)["messages"]

    assert set(message) == {"messageId", "threadId"}


def test_the_search_language_is_understood() -> None:
    box = mailbox()
    old = box.deliver(subject="Old crane", at=START - timedelta(days=20), labels=["INBOX", "Two words"])
    sent = box.deliver(sender=f"Nora <{box.owner}>", subject="Crane hire", labels=["SENT"])
    unread = box.deliver(text="where is the hoist", message_id="<Abc@x.example>", file="plan.pdf")
    spam = box.deliver(labels=["SPAM"], subject="Crane!")
    edge = int((START - timedelta(days=1)).timestamp())

    assert found(box, f"after:{edge}") == {sent, unread}
    assert found(box, f"before:{edge}") == {old}
    assert found(box, "after:2026/02/20") == {sent, unread}
    assert found(box, "newer_than:2d") == {sent, unread}
    assert found(box, "in:sent") == found(box, "is:sent") == {sent}
    assert found(box, "-in:sent") == {old, unread}
    assert found(box, "label:two-words") == found(box, 'label:"Two words"') == {old}
    assert found(box, "is:unread") == found(box, "-is:read") == {unread}
    assert found(box, "crane") == {old, sent}
    assert found(box, "in:anywhere crane") == found(box, "crane", include_spam_trash=True) == {old, sent, spam}
    assert found(box, '"is the hoist" OR subject:old') == {old, unread}
    assert found(box, "{hoist old} (crane)") == {old}
    assert found(box, "-(crane OR nothing)") == {unread}
    assert found(box, "from:nora crane") == {sent}
    assert found(box, "has:attachment") == {unread}
    assert found(box, "rfc822msgid:<abc@x.example>") == {unread}
    assert found(box, "", label_ids=["INBOX", "UNREAD"]) == {unread}
    assert found(box, "no:operator") == set()


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ToolFailed, match="Invalid label"):
        emails(mailbox(1), label_ids=["Label_99"])


def test_history_tells_what_happened_and_where_it_stands() -> None:
    box = mailbox(3)
    start, (first, second, third) = box.history_id, list(box.messages)
    new = box.deliver()
    box.label(first, "STARRED")
    box.label(first, "STARRED")
    box.unlabel(new, "UNREAD")
    box.trash(second)
    box.delete(third)

    told = history(box, start)

    sorts = [next(name for name in each if name not in ("id", "messages")) for each in told["history"]]
    assert sorts == ["messagesAdded", "labelsAdded", "labelsRemoved", "labelsAdded", *sorts[4:]]
    assert sorts[-1] == "messagesDeleted"
    assert told["historyId"] == told["history"][-1]["id"] == str(box.history_id)
    assert "history" not in history(box, box.history_id)


def test_history_comes_in_pages_and_by_kind() -> None:
    box = mailbox()
    start = box.history_id
    new = [box.deliver() for _ in range(5)]
    box.delete(new[0])

    first = history(box, start, max_results=4)
    rest = history(box, start, max_results=4, page_token=first["nextPageToken"])

    assert (len(first["history"]), len(rest["history"])) == (4, 2)
    assert len(history(box, start, history_types=["messageDeleted"])["history"]) == 1


def test_a_history_that_is_too_old_is_not_found() -> None:
    box = mailbox(1)
    start = box.history_id
    box.expire_history()

    with pytest.raises(ToolFailed) as raised:
        history(box, start)
    assert raised.value.status_code == 404
    assert history(box, box.history_id) == {"historyId": str(box.history_id)}


@pytest.mark.parametrize("tool", ["GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID", "GMAIL_FETCH_MESSAGE_BY_THREAD_ID"])
def test_what_is_not_there_is_not_found(tool: str) -> None:
    with pytest.raises(ToolFailed) as raised:
        mailbox(1).tools[tool]({"message_id": "f" * 16, "thread_id": "f" * 16})
    assert raised.value.status_code == 404


def test_answers_stand_in_one_thread() -> None:
    box = mailbox()
    first = box.deliver(message_id="<one@x.example>")
    second = box.deliver(in_reply_to="<one@x.example>", subject="Re: A question")

    thread = box.tools["GMAIL_FETCH_MESSAGE_BY_THREAD_ID"]({"thread_id": first})

    assert {each["messageId"] for each in thread["messages"]} == {first, second}


def test_the_profile_stands_one_level_deeper() -> None:
    box = mailbox(4)

    profile = box.tools["GMAIL_GET_PROFILE"]({})["response_data"]

    assert (profile["messagesTotal"], profile["historyId"]) == (4, str(box.history_id))


def test_a_label_has_an_id_that_its_name_does_not_tell() -> None:
    box = mailbox()
    box.deliver(labels=["Orders"])
    box.rename_label("Orders", "Purchases")

    own = [each for each in box.tools["GMAIL_LIST_LABELS"]({})["labels"] if each["type"] == "user"]

    assert own[-1]["name"] == "Purchases"
    assert own[-1]["id"].startswith("Label_")


def test_bytes_become_gmails_form() -> None:
    box = mailbox()
    raw = (
        b"From: A <a@x.example>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nContent-Type: text/plain; charset=latin-1\n"
        b"Content-Transfer-Encoding: quoted-printable\n\ngr=FC=DFe\n"
    )

    message = box.tools["GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID"]({"message_id": box.deliver(raw)})

    assert message["subject"] == "Grüße"
    assert message["messageText"] == "grüße\n"


def test_a_mailbox_is_read_from_a_file_with_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    letter = (
        "From x Mon Mar  2 08:00:00 2026\n{labels}From: a@x.example\nDate: Mon, 23 Feb 2026 10:00:00 +0000\n\nHello\n\n"
    )
    path.write_text(
        letter.format(labels="X-Gmail-Labels: Sent,Category Updates,Opened,Mine\n") + letter.format(labels="")
    )

    box = Mailbox(now=lambda: START).from_mbox(path)

    first, second = box.messages.values()
    assert first.labels == {"SENT", "CATEGORY_UPDATES", "Label_1"}
    assert "INBOX" in second.labels
    assert first.at == second.at < START.timestamp() * 1000


def test_what_is_made_up_is_the_same_by_its_seed_and_lifelike() -> None:
    one, two = mailbox(400), mailbox(400)

    assert [mail.answer() for mail in one.messages.values()] == [mail.answer() for mail in two.messages.values()]
    mails = list(one.messages.values())
    assert 20 < sum("SENT" in mail.labels for mail in mails) < 200
    assert 30 < sum(bool(mail.header("list-unsubscribe")) for mail in mails) < 150
    assert any(mail.attachments for mail in mails)
    assert len({mail.thread_id for mail in mails}) < 320
    assert all(mail.at <= START.timestamp() * 1000 for mail in mails)


def test_it_can_be_changed_by_commands() -> None:
    box = mailbox()

    new = box.change({"do": "deliver", "subject": "Hello", "at": "2026-03-01T10:00:00+00:00", "labels": ["INBOX"]})
    box.change({"do": "label", "id": new, "labels": ["STARRED", "Mine"]})
    box.change({"do": "unlabel", "id": new, "labels": ["INBOX"]})
    assert box.messages[new].labels == {"STARRED", "Label_3"}

    box.change({"do": "trash", "id": new})
    box.change({"do": "delete", "id": new})
    box.change({"do": "generate", "mails": 3})
    box.change({"do": "expire_history"})
    assert len(box.messages) == 3


@pytest.mark.parametrize(
    "command", [{}, {"do": "explode"}, {"do": "delete", "id": "none"}, {"do": "deliver", "labels": 5}]
)
def test_a_command_that_makes_no_sense_is_said(command: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        mailbox().change(command)
