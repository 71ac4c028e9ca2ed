"""What becomes of one message."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.slack.directory import Channel
from app.integrations.slack.message import NoMessage, opened, to_item
from app.records import Attachment, Automation, Person
from tests.integrations.slack.build import ADA, BEN, BOT, CLEO, DIRECT, GENERAL, NAMES, item, message, said, ts

FILE = {"id": "F1", "name": "plan.pdf", "title": "plan.pdf", "mimetype": "application/pdf", "size": 1200}


def test_a_message_says_who_wrote_it_where_and_when() -> None:
    found = said("Good morning", user=BEN)

    assert found.external_id == f"{GENERAL}/{ts()}"
    assert found.keys == (f"slack:{GENERAL}/{ts()}",)
    assert found.sender == Person("Ben Bold", "ben@office.example")
    assert found.sent_at == datetime(2024, 1, 1, 12, tzinfo=UTC)
    assert (found.list_id, found.subject, found.is_reply, found.loose) == ("#general", "", False, True)
    assert found.url == f"https://engine.slack.com/archives/{GENERAL}/p1704110400000000"


def test_the_time_is_the_senders_own_in_summer_and_in_winter() -> None:
    winter, summer = said("x", user=BEN), said("x", user=BEN, minutes=60 * 24 * 182)

    assert winter.sent_at is not None
    assert summer.sent_at is not None
    assert (winter.sent_at.utcoffset(), summer.sent_at.utcoffset()) == (timedelta(hours=-5), timedelta(hours=-4))


def test_people_without_an_address_are_known_by_their_id() -> None:
    assert said("x", user=CLEO).sender == Person("Cleo", "slack:u0cleo001")
    assert said("x", user="U0GONE001").sender == Person("U0GONE001", "slack:u0gone001")


def test_a_reply_names_its_thread_and_is_not_loose() -> None:
    found = said("Yes", minutes=5, thread_ts=ts())

    assert found.keys == (f"slack:{GENERAL}/{ts(5)}", f"slack:{GENERAL}/{ts()}")
    assert (found.is_reply, found.loose) == (True, False)
    assert found.url.endswith(f"?thread_ts={ts()}&cid={GENERAL}")


@pytest.mark.parametrize("mark", [{"reply_count": 2}, {"replies": [{"user": BEN, "ts": ts(1)}]}])
def test_the_root_of_a_thread_is_not_loose(mark: dict[str, object]) -> None:
    found = said("Who can?", thread_ts=ts(), **mark)

    assert (found.is_reply, found.loose, len(found.keys)) == (False, False, 1)


def test_a_root_that_nobody_answered_is_loose() -> None:
    assert said("Anyone?", thread_ts=ts(), reply_count=0).loose


def test_a_reply_sent_to_the_channel_too_is_the_same_message() -> None:
    plain = said("Done", minutes=5, thread_ts=ts())
    broadcast = said("Done", minutes=5, thread_ts=ts(), subtype="thread_broadcast", root={"ts": ts()})

    assert broadcast == plain


def test_those_named_in_it_are_spoken_to() -> None:
    found = said(f"<@{BEN}> and <@{CLEO}>, not me <@{ADA}>; <@{BEN}> again")

    assert [person.name for person in found.recipients] == ["Ben Bold", "Cleo"]


def test_in_a_direct_talk_the_others_are_spoken_to_and_there_is_no_list() -> None:
    found = item(message("Hi", user=BEN), Channel(DIRECT, "", "direct", (ADA, BEN)))

    assert [person.name for person in found.recipients] == ["Ada"]
    assert found.list_id == ""


def test_reactions_and_pins_are_labels_and_change_nothing_written() -> None:
    plain = said("x")
    marked = said("x", reactions=[{"name": "eyes", "users": [ADA, BEN], "count": 2}], pinned_to=[GENERAL])

    assert marked.labels == (":eyes: 2", "pinned")
    assert marked.content_hash == plain.content_hash


def test_reactions_are_counted_in_all_skin_tones_together() -> None:
    found = said("x", reactions=[{"name": "+1", "count": 2}, {"name": "+1::skin-tone-3", "users": [BEN]}])

    assert found.labels == (":+1: 3",)


def test_an_edit_is_known_by_its_time() -> None:
    found = said("x", edited={"user": ADA, "ts": ts(30)})

    assert (found.revisable, found.revised_at) == (True, datetime(2024, 1, 1, 12, 30, tzinfo=UTC))
    assert said("x").content_hash == found.content_hash != said("y").content_hash


@pytest.mark.parametrize(
    "given_message",
    [
        message("This message was deleted.", user="USLACKBOT", subtype="tombstone", hidden=True),
        message("This message was deleted.", user="USLACKBOT", hidden=True),
        {"type": "message", "subtype": "message_deleted", "deleted_ts": ts(), "ts": ts(9), "channel": GENERAL},
    ],
)
def test_a_deleted_message_keeps_its_place_and_says_nothing(given_message: dict[str, object]) -> None:
    found = item(given_message)

    assert found.external_id == f"{GENERAL}/{ts()}"
    assert (found.text, found.sender) == ("", Person())
    assert found.automation == Automation("deleted", "Its author deleted it in Slack.")


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_join",
        "group_leave",
        "channel_topic",
        "channel_archive",
        "pinned_item",
        "bot_add",
        "reminder_add",
        "new",
    ],
)
def test_events_that_slack_tells_of_ask_for_nothing(subtype: str) -> None:
    found = said(f"<@{ADA}> did it", subtype=subtype)

    assert found.automation == Automation("notification", f"Slack wrote it to tell of an event: «{subtype}».")


@pytest.mark.parametrize(
    ("fields", "name", "address"),
    [
        ({"subtype": "bot_message", "user": None, "bot_id": "B0BEACON1"}, "Beacon", "slack:b0beacon1"),
        ({"subtype": "bot_message", "user": None, "bot_id": "B9", "username": "Deploys"}, "Deploys", "slack:b9"),
        ({"user": "U0UNKNOWN", "bot_id": "B9", "bot_profile": {"name": "Pager"}}, "Pager", "slack:u0unknown"),
        ({"user": BOT}, "Beacon", "slack:u0bot0001"),
        ({"user": "USLACKBOT"}, "Slackbot", "slack:uslackbot"),
    ],
)
def test_what_an_app_posted_is_a_bots(fields: dict[str, object], name: str, address: str) -> None:
    found = said("Alert", **fields)

    assert found.sender == Person(name, address)
    assert found.automation == Automation("bot", f"Posted by the app {name}.")


def test_what_a_person_wrote_through_an_app_is_the_persons() -> None:
    assert said("Through an app", bot_id="B9").automation is None
    assert said("waves", subtype="me_message").automation is None
    assert said("typed", subtype="kind_of_tomorrow", client_msg_id="1-2").automation is None


def test_files_of_every_shape_are_attachments() -> None:
    plan = Attachment("plan.pdf", "application/pdf", 1200)

    assert said("", files=[FILE], x_files=["F1"]).attachments == (plan,)
    assert said("", subtype="file_share", file=FILE).attachments == (plan,)
    assert [each.name for each in said("", files=[{"id": "F2", "mode": "tombstone"}]).attachments] == ["(deleted file)"]
    assert said("", files=[{"id": "F3", "mode": "hidden_by_limit"}]).attachments[0].name.startswith("(file hidden")
    assert said("", x_files=["F9"]).attachments == (Attachment("(file that the export does not show)", "", 0),)


def test_around_a_shared_file_only_its_authors_words_are_text() -> None:
    sentence = f"<@{ADA}|ada> uploaded a file: <https://a.example|plan.pdf> and commented: For <@{BEN}>"
    found = said(sentence, subtype="file_share", file=FILE)

    assert found.text == "For @Ben Bold"
    assert [person.name for person in found.recipients] == ["Ben Bold"]
    assert said(sentence.partition(" and")[0], subtype="file_share", file=FILE).text == ""
    assert said("", files=[{**FILE, "title": "The plan for May"}]).text == "The plan for May"


def test_a_comment_on_a_file_is_by_whoever_commented() -> None:
    sentence = f"<@{BEN}|ben> commented on {ADA}'s file <https://a.example|plan.pdf>: Nice"
    comment = {"user": BEN, "comment": "Nice *work*"}
    found = said(sentence, user=None, subtype="file_comment", file=FILE, comment=comment)

    assert (found.sender.name, found.text) == ("Ben Bold", "Nice work")


def test_what_a_link_leads_to_is_not_the_authors_word() -> None:
    preview = {"from_url": "https://a.example", "service_name": "Example", "title": "Urgent!", "text": "Buy today"}
    found = said("Look: <https://a.example>", attachments=[preview])

    assert (found.text, found.quoted) == ("Look: https://a.example", "Example:\nUrgent!\nBuy today")


def test_a_shared_message_names_whose_words_it_quotes() -> None:
    shared = {"is_msg_unfurl": True, "author_name": "Ben Bold", "channel_name": "ops", "text": f"Ask <@{ADA}>"}

    assert said("This one", attachments=[shared]).quoted == "Ben Bold in #ops:\nAsk @Ada"


def test_apps_speak_in_attachments() -> None:
    body = {
        "pretext": "Build *failed*",
        "title": "main #12",
        "text": "2 tests failed",
        "fields": [{"title": "Branch", "value": "main"}],
        "fallback": "not shown",
    }
    found = said("", user=None, subtype="bot_message", bot_id="B9", attachments=[body, {"fallback": "Open Slack"}])
    alone = said("", user=None, subtype="bot_message", bot_id="B9", attachments=[{"fallback": "Only this"}])

    assert found.text == "Build failed\nmain #12\n2 tests failed\nBranch: main"
    assert alone.text == "Only this"


def test_a_forwarded_mail_is_quoted() -> None:
    mail = {"id": "F4", "name": "Order", "title": "Order", "filetype": "email", "plain_text": "We need 20 by Friday."}

    assert said("Who takes this?", files=[mail]).quoted == "We need 20 by Friday."


def test_links_to_other_messages_and_pages_are_keys() -> None:
    page = "0123456789abcdef0123456789abcdef"
    found = said(
        f"<https://engine.slack.com/archives/C0OTHER01/p1704110400000200?thread_ts=1704110400.000100&amp;cid=C0OTHER01|it>"
        f" and <https://www.notion.so/team/Plan-{page}?pvs=4>, <https://a.example>"
    )

    assert found.links == ("slack:C0OTHER01/1704110400.000200", f"notion:{page}")


def test_an_event_of_a_change_holds_the_message_as_it_is_now() -> None:
    changed = {"subtype": "message_changed", "ts": ts(9), "channel": GENERAL, "message": message("New words")}

    assert (item(changed).text, item(changed).external_id) == ("New words", f"{GENERAL}/{ts()}")


@pytest.mark.parametrize("entry", [None, 3, "text", [], {}, {"ts": ""}, {"ts": "0000000000.000000"}, {"ts": "soon"}])
def test_what_is_no_message_says_why(entry: object) -> None:
    with pytest.raises(NoMessage, match="It is no message"):
        opened(entry)


def test_why_it_is_no_message_is_clean_text_too() -> None:
    with pytest.raises(NoMessage) as raised:
        opened({"ts": "\ud800\0"})

    assert str(raised.value).endswith("its ts holds no time: «\ufffd».")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([ts(), ADA]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "user_id", "ts", "users", "name", "title", "fields", "blocks"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = (
    *("type", "subtype", "user", "text", "thread_ts", "blocks", "attachments", "files", "file", "comment", "x_files"),
    *("reactions", "edited", "bot_profile", "bot_id", "username", "replies", "reply_count", "pinned_to", "channel"),
    *("message", "hidden", "client_msg_id", "user_profile", "is_starred", "previous_message", "deleted_ts"),
)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6))
def test_any_object_with_a_time_is_an_item(fields: dict[str, object]) -> None:
    try:
        found = to_item(opened({**fields, "ts": ts()}), Channel(GENERAL, "general"), NAMES)
    except NoMessage:
        assert "message" in fields
        return

    assert found.external_id.startswith(f"{GENERAL}/")
    assert len(found.content_hash) == 32
    assert "\0" not in f"{found.text}{found.quoted}{found.sender}{found.labels}"
