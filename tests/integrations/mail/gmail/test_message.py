"""One message as Gmail gives it, as an item."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.mail import message as mail_message
from app.integrations.mail.capture import capture
from app.integrations.mail.gmail.message import NoMessageError, check, to_item
from app.records import Attachment, Item
from scripts.fake_composio.gmail import Mailbox
from tests.conftest import START
from tests.integrations.mail.build import raw

DATA = Path(__file__).parent / "data"


def recorded(name: str) -> dict[str, Any]:
    first: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())["messages"][0]
    return first


def item(given: Mapping[str, Any], **names: str) -> Item:
    return to_item(check(given), names)


def both(data: bytes) -> tuple[Item, Item]:
    """The same bytes from a file, and through Gmail."""
    box = Mailbox(now=lambda: START)
    given = box.tools["GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID"]({"message_id": box.deliver(data)})
    return mail_message.to_item(capture(data)), item(given)


def test_a_recorded_message_is_read_whole() -> None:
    found = item(recorded("fetch_emails"), Label_3="Leases")

    assert found.external_id == "19c8f0a1b2c3d401"
    assert found.sent_at == datetime(2026, 2, 23, 11, 15, 28, tzinfo=timezone(timedelta(hours=1)))
    assert (found.text, found.sender.address) == ("Could we sign on Friday?", "m.faure@quarry.example")
    assert found.attachments == (Attachment("lease.pdf", "application/pdf", 48211),)
    assert found.labels == ("Important", "Inbox", "Unread", "Leases")
    assert (found.unread, found.starred, found.important, found.outgoing) == (True, False, True, None)
    assert found.url == "https://mail.google.com/mail/u/0/#inbox/19c8f0a1b2c3d401"
    assert found.problems == ()


def test_its_conversation_is_known_by_message_id_and_by_the_thread_that_exports_name() -> None:
    found = item(recorded("fetch_emails"))

    assert found.keys == ("two@quarry.example", "one@whitlock.example", f"gm:{0x19C8F0A1B2C3D400}")


def test_without_a_payload_what_the_gateway_says_is_read() -> None:
    found = item(recorded("fetch_emails_bare"))

    assert (found.text, found.subject) == ("Could we sign on Friday?", "Re: Lease for the yard")
    assert (found.sender.name, found.recipients[0].address) == ("Mireille Faure", "nora@whitlock.example")
    assert found.sent_at == datetime(2026, 2, 23, 10, 15, 30, tzinfo=UTC)
    assert found.attachments == (Attachment("lease.pdf", "application/pdf", 48211),)
    assert found.keys == ("gmail:19c8f0a1b2c3d401", f"gm:{0x19C8F0A1B2C3D400}")
    assert found.problems == ()


def test_content_and_flags_are_the_same_whether_or_not_the_payload_came() -> None:
    full, bare = item(recorded("fetch_emails"), Label_3="L"), item(recorded("fetch_emails_bare"), Label_3="L")

    assert full.content_hash == bare.content_hash
    assert (full.labels, full.unread, full.important) == (bare.labels, bare.unread, bare.important)


def test_content_is_the_same_by_either_tool() -> None:
    box = Mailbox(now=lambda: START).generate(50)
    pages = [box.tools["GMAIL_FETCH_EMAILS"]({"max_results": 50, "include_payload": p}) for p in (True, False)]
    listed = [{each["messageId"]: item(each) for each in page["messages"]} for page in pages]
    single = {each: item(box.tools["GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID"]({"message_id": each})) for each in box.messages}

    assert len(single) == 50
    assert listed[0] == single
    for one in (listed[0], listed[1]):
        assert {each: (i.content_hash, i.labels, i.unread) for each, i in one.items()} == {
            each: (i.content_hash, i.labels, i.unread) for each, i in single.items()
        }


def test_a_label_that_tells_what_kind_of_mail_it_is_makes_it_other_content() -> None:
    message = recorded("fetch_emails")
    moved = item(message | {"labelIds": [*message["labelIds"], "CATEGORY_PROMOTIONS"]})
    starred = item(message | {"labelIds": [*message["labelIds"], "STARRED"]})

    assert moved.revisable
    assert moved.content_hash != item(message).content_hash == starred.content_hash
    assert moved.automation
    assert moved.automation.category == "newsletter"


@pytest.mark.parametrize(
    ("label", "category"),
    [("TRASH", "trash"), ("SPAM", "spam"), ("DRAFT", "draft"), ("CATEGORY_SOCIAL", "notification")],
)
def test_what_the_mailbox_put_away_asks_for_no_work(label: str, category: str) -> None:
    found = item(recorded("fetch_emails") | {"labelIds": [label]})

    assert found.automation
    assert found.automation.category == category


def test_sent_mail_is_outgoing() -> None:
    assert item(recorded("fetch_emails") | {"labelIds": ["SENT"]}).outgoing is True


def test_a_label_of_a_persons_own_means_nothing_whatever_its_name() -> None:
    found = item(recorded("fetch_emails") | {"labelIds": ["Label_9"]}, Label_9="Trash")

    assert found.labels == ("Trash",)
    assert found.automation is None


def test_labels_that_are_missing_are_none_at_all() -> None:
    found = item(recorded("fetch_emails") | {"labelIds": None})

    assert (found.labels, found.unread, found.starred, found.important) == ((), False, False, False)


MIXED = (
    "--e\nContent-Type: multipart/alternative; boundary=f\n\n--f\nContent-Type: text/plain\n\nPlain words\n"
    "--f\nContent-Type: text/html\n\n<p>Rich words</p>\n--f--\n"
    "--e\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    "Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"x" * 300).decode() + "\n--e--\n"
)
MESSAGES = {
    "plain": raw("Hello\n\nAda\n-- \nAda Lovelace"),
    "umlauts": raw("Grüße".encode("latin-1"), content_type="text/plain; charset=iso-8859-1"),
    "subject": raw(subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=", content_type="text/plain; charset=utf-8"),
    "html": raw("<p>One</p><p>Two</p>", content_type="text/html; charset=utf-8"),
    "quoted": raw("Yes.\n\nOn Mon, 2 Mar 2026, Bob wrote:\n> Shall we?\n", in_reply_to="<zero@x.example>"),
    "printable": raw(
        "caf=C3=A9 =3D x\n", content_type="text/plain; charset=utf-8", content_transfer_encoding="quoted-printable"
    ),
    "parts": raw(MIXED, content_type="multipart/mixed; boundary=e"),
    "newsletter": raw("Read this", list_unsubscribe="<https://shop.example/u>"),
    "list": raw("Hello all", list_id="<garden.lists.example>", list_post="<mailto:garden@lists.example>"),
    "undated": raw(date=""),
    "flowed": raw("one \ntwo\n", content_type="text/plain; charset=utf-8; format=flowed"),
    "folded": raw(references="<a1234567@x.example>\n <b1234567@x.example>"),
    "carried": raw(
        "--e\nContent-Type: message/rfc822\n\nFrom: Eve <eve@x.example>\nSubject: Inner\n\nInner words\n--e--\n",
        content_type="multipart/mixed; boundary=e",
    ),
}
SAME = (
    *("text", "quoted", "signature", "sender", "recipients", "copied", "subject", "subject_key", "bare_subject"),
    *("is_reply", "list_id", "attachments", "automation", "links", "delivered_to"),
)


@pytest.mark.parametrize("data", MESSAGES.values(), ids=MESSAGES.keys())
def test_the_same_message_from_a_file_and_through_gmail_says_the_same(data: bytes) -> None:
    file, live = both(data)

    assert {name: getattr(live, name) for name in SAME} == {name: getattr(file, name) for name in SAME}
    assert live.keys[: len(file.keys)] == file.keys
    assert live.sent_at == (file.sent_at or START)


def test_a_message_without_an_id_of_its_own_is_known_by_gmails() -> None:
    _, live = both(raw(message_id=""))

    assert live.keys[0] == f"gmail:{live.external_id}"


@pytest.mark.real_data
def test_real_mail_says_the_same_from_a_file_and_through_gmail(data_folder: Path) -> None:
    import mailbox  # noqa: PLC0415 - only here

    files = sorted((data_folder / "mail_usrp_users").glob("*.mbox"))
    if not files:
        pytest.skip("no mail here")
    read = mailbox.mbox(files[0], create=False)
    differ = []
    for key in read.iterkeys():
        file, live = both(read.get_bytes(key))
        if (file.text, file.sender, file.keys) != (live.text, live.sender, live.keys[: len(file.keys)]):
            differ.append(key)
    read.close()

    assert len(differ) <= len(read) // 50


@pytest.mark.real_data
def test_real_answers_of_the_api_are_read(data_folder: Path) -> None:
    given = json.loads((data_folder / "gmail_api_nango" / "messages_get_full.json").read_text())

    found = [item(each) for each in given]

    assert [each.external_id for each in found] == [each["id"] for each in given]
    assert all(each.sent_at and each.sender.address for each in found)
    assert [len(each.attachments) for each in found if each.attachments] == [2, 1]
    assert "Ã" not in found[0].text


def test_a_long_text_that_gmail_left_out_is_taken_from_the_gateway() -> None:
    message = recorded("fetch_emails")
    message["payload"]["parts"][0]["body"] = {"attachmentId": "ANGj-0", "size": 26}

    assert item(message).text == "Could we sign on Friday?"


def test_a_text_that_is_attached_is_known_by_its_size() -> None:
    message = recorded("fetch_emails")
    message["payload"]["parts"][1] |= {"mimeType": "text/csv", "filename": "rent.csv"}

    assert item(message).attachments == (Attachment("rent.csv", "text/csv", 48211),)
    assert item(message).text == "Could we sign on Friday?"


def test_html_that_the_gateway_gives_as_text_is_read_as_html() -> None:
    message = recorded("fetch_emails_bare") | {"messageText": "<div>Hello <b>Nora</b></div>"}

    assert item(message).text.strip() == "Hello Nora"


@pytest.mark.parametrize(
    "given",
    [
        {"messageTimestamp": "2026-02-23T10:15:30Z"},
        {"messageTimestamp": "2026-02-23T10:15:30.000Z"},
        {"messageTimestamp": "Mon, 23 Feb 2026 11:15:30 +0100"},
        {"messageTimestamp": "1771841730000"},
        {"internalDate": 1771841730000},
        {"date": "Mon, 23 Feb 2026 10:15:30 GMT"},
    ],
)
def test_every_form_of_time_is_read(given: dict[str, Any]) -> None:
    assert check({"messageId": "1", **given}).at == datetime(2026, 2, 23, 10, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "soon", 0, True, "99999999999999999", [], "0001-01-01T00:00:00Z"])
def test_a_time_that_is_none_stays_unknown(value: Any) -> None:
    assert check({"messageId": "1", "messageTimestamp": value}).at is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (None, ""),
        ([], ""),
        ({}, ".messageId"),
        ({"messageId": 5}, ".messageId"),
        ({"id": "1", "labelIds": "x"}, ".labelIds"),
    ],
)
def test_what_is_no_message_says_where(given: Any, path: str) -> None:
    with pytest.raises(NoMessageError) as raised:
        check(given)
    assert raised.value.path == path


def test_what_a_sender_claims_about_labels_counts_for_nothing() -> None:
    message = recorded("fetch_emails")
    message["payload"]["headers"] += [
        {"name": "X-Gmail-Labels", "value": "Trash,Starred"},
        {"name": "X-GM-THRID", "value": "1234567890123456789"},
    ]

    assert item(message) == item(recorded("fetch_emails"))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["text/plain", "multipart/mixed"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["headers", "parts", "body", "data", "size", "name", "value", "mimeType", "filename"]),
            inner,
        )
    ),
    max_leaves=25,
)


@given(payload=values, text=values, thread=st.text(max_size=10))
def test_anything_under_an_id_makes_an_item(payload: Any, text: Any, thread: str) -> None:
    found = item(
        {"messageId": "1", "threadId": thread, "payload": payload, "messageText": text, "attachmentList": [text, {}]}
    )

    assert found.external_id == "1"
    assert replace(found) == found
