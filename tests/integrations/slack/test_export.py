"""Whole exports: which channel a file belongs to, in what order it is read, and what can't be."""

import codecs
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.records import Item, Person
from tests.integrations.slack.build import (
    ADA,
    BEN,
    CHANNELS,
    CLEO,
    DIRECT,
    GENERAL,
    GROUP,
    NOON,
    OPS,
    USERS,
    channel,
    export,
    items,
    message,
    read,
    refusals,
    ts,
    user,
    write,
    zipped,
)

DAY = "general/2024-01-01.json"


def by_text(path: Path) -> dict[str, Item]:
    return {item.text: item for item in items(path)}


def test_an_export_is_read_alike_as_a_folder_a_zip_and_within_another_folder(tmp_path: Path) -> None:
    talks = {"general": [message("one"), message("two", minutes=1)], "ops": [message("three")]}
    folder = export(tmp_path / "plain", talks)
    wrapped = export(tmp_path / "wrapped" / "Engine Slack export", talks).parent

    found = items(folder)

    assert [item.text for item in found] == ["one", "two", "three"]
    assert items(zipped(folder, tmp_path / "plain.zip")) == items(wrapped) == found
    assert refusals(folder) == {}


def test_each_sort_of_conversation_is_known_by_its_list(tmp_path: Path) -> None:
    path = export(
        tmp_path,
        {
            "general": [message("open")],
            "ops": [message("private")],
            DIRECT: [message("between two")],
            "mpdm-ada--ben--cleo-1": [message("between three")],
        },
    )

    found = by_text(path)

    assert [found[text].external_id.partition("/")[0] for text in ("open", "private")] == [GENERAL, OPS]
    assert [found[text].list_id for text in ("open", "private")] == ["#general", "#ops"]
    assert found["between two"].external_id == f"{DIRECT}/{ts()}"
    assert [person.name for person in found["between two"].recipients] == ["Ben Bold"]
    assert found["between three"].external_id == f"{GROUP}/{ts()}"
    assert [person.name for person in found["between three"].recipients] == ["Ben Bold", "Cleo"]
    assert found["between three"].list_id == ""


def test_a_channel_that_no_list_names_is_known_by_its_folder(tmp_path: Path) -> None:
    path = export(tmp_path, {"secret": [message("a")], "C0HIDDEN1": [message("b")]}, channels=None)

    found = by_text(path)

    assert (found["a"].external_id, found["a"].list_id, found["a"].url) == (f"#secret/{ts()}", "#secret", "")
    assert found["b"].external_id == f"C0HIDDEN1/{ts()}"


@pytest.mark.parametrize("folder", ["FC:F0NOTES001:My notes", "FC_F0NOTES001_My notes"])
def test_comments_on_a_canvas_are_a_channel_with_its_title(tmp_path: Path, folder: str) -> None:
    canvas = [channel("C0NOTES01", "FC:F0NOTES001:My notes")]
    root = message("Budget", user="USLACKBOT", subtype="document_comment_root", reply_count=1)
    comment = message("Is this final?", minutes=1, thread_ts=ts())

    first, second = items(export(tmp_path, {folder: [root, comment]}, file_conversations=canvas))

    assert (second.external_id, second.list_id) == (f"C0NOTES01/{ts(1)}", "#My notes")
    assert second.keys[1:] == first.keys
    assert (first.automation is not None, second.automation) == (True, None)


def test_a_renamed_channel_with_a_folder_for_each_name_is_one_channel(tmp_path: Path) -> None:
    renamed = [channel(GENERAL, "town-square", previous_names=["general"])]
    talks = {"general": [message("old words")], "town-square": [message("new words")]}

    found = items(export(tmp_path, talks, channels=renamed))

    assert len(found) == 2
    assert found[0] == found[1]
    assert (found[0].text, found[0].list_id) == ("new words", "#town-square")


def test_people_missing_from_the_list_are_named_by_their_messages(tmp_path: Path) -> None:
    profile = {"display_name": "", "real_name": "Dora Guest"}
    talks = {"general": [message("Hi", user="U0GUEST01", user_profile=profile), message("<@U0GUEST01>!", minutes=1)]}

    first, second = items(export(tmp_path, talks))

    assert first.sender == Person("Dora Guest", "slack:u0guest01")
    assert second.text == "@Dora Guest!"


@pytest.mark.parametrize(
    ("display", "real", "person"),
    [("ana", "Ana Torres", "Ana Torres"), ("Ana T. (out)", "Ana Torres", "Ana T. (out)"), ("ana", "at", "ana")],
)
def test_a_person_bears_the_fuller_name_and_texts_the_one_shown(
    tmp_path: Path, display: str, real: str, person: str
) -> None:
    users = [{"id": ADA, "profile": {"display_name": display, "real_name": real}}]

    (found,) = items(export(tmp_path, {"general": [message(f"Hello <@{ADA}>")]}, users=users))

    assert (found.sender.name, found.text) == (person, f"Hello @{display}")


def test_an_address_that_two_people_bear_is_nobodys(tmp_path: Path) -> None:
    users = [user(ADA, "Ada", "team@engine.example"), user(BEN, "Ben", "team@engine.example")]

    (found,) = items(export(tmp_path, {"general": [message()]}, users=users))

    assert found.sender == Person("Ada", "slack:u0ada0001")


def test_an_enterprise_export_keeps_its_workspaces_apart(tmp_path: Path) -> None:
    write(tmp_path, {"org_users.json": USERS})
    for team, id_ in (("east", "C0EAST001"), ("west", "C0WEST001")):
        export(tmp_path / "teams" / team, {"general": [message(team)]}, channels=[channel(id_, "general")], users=None)

    found = by_text(tmp_path)

    assert found["east"].external_id == f"C0EAST001/{ts()}"
    assert found["west"].external_id == f"C0WEST001/{ts()}"
    assert found["west"].sender.name == "Ada"


def test_the_time_counts_and_not_the_day_of_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"channels.json": CHANNELS, "general/2023-12-31.json": [message("late"), message("early", minutes=-9)]},
    )

    steps = read(path)

    assert [step.what.text for step in steps if isinstance(step.what, Item)] == ["early", "late"]
    assert [step.place for step in steps] == [f"general/2023-12-31.json, message {at}" for at in (2, 1)]


def test_in_a_direct_talk_each_line_follows_the_one_before_for_six_hours(tmp_path: Path) -> None:
    talk = [
        message("first"),
        message("second", minutes=90, user=BEN),
        message("in a thread", minutes=95, thread_ts=ts()),
        message("an app", minutes=99, user="USLACKBOT"),
        message("third", minutes=100),
        message("next day", minutes=60 * 20),
    ]

    found = by_text(export(tmp_path, {DIRECT: talk}))

    def before(text: str) -> tuple[str, ...]:
        return tuple(key.partition("/")[2] for key in found[text].keys[1:])

    assert before("first") == before("an app") == before("next day") == ()
    assert before("second") == (ts(),)
    assert before("third") == (ts(90),)
    assert before("in a thread") == (ts(),)
    assert found["second"].loose
    assert not found["in a thread"].loose


def test_pins_are_told_by_the_list_of_channels(tmp_path: Path) -> None:
    pinned = channel(GENERAL, "general", pins=[{"id": ts(), "type": "C", "created": NOON}])

    assert items(export(tmp_path, {"general": [message()]}, channels=[pinned]))[0].labels == ("pinned",)


def test_the_workspaces_address_is_learnt_from_its_files(tmp_path: Path) -> None:
    file = {"id": "F1", "name": "a.txt", "permalink": f"https://engine.slack.com/files/{ADA}/F1/a.txt"}

    first, second = items(export(tmp_path, {"general": [message("a", files=[file])], "ops": [message("b")]}))

    assert first.url == f"https://engine.slack.com/archives/{GENERAL}/p{ts().replace('.', '')}"
    assert second.url.startswith(f"https://engine.slack.com/archives/{OPS}/")


def test_what_is_known_to_hold_no_messages_is_passed_over_and_the_rest_is_named(tmp_path: Path) -> None:
    path = export(tmp_path, {"general": [message()]})
    write(
        path,
        {
            "integration_logs.json": [{"user_id": ADA}],
            "canvases.json": [],
            "huddle_transcripts.json": [],
            "general/attachments/F1-plan.pdf": b"%PDF",
            "README.txt": "Made by hand",
            "strange.json": {"rows": []},
        },
    )

    assert refusals(path) == {
        "README.txt": "It is no file of a Slack export that could hold messages.",
        "strange.json": "It is JSON, but neither messages nor an answer of Slack's.",
    }


def test_an_export_without_messages_says_what_it_holds(tmp_path: Path) -> None:
    assert list(refusals(export(tmp_path, {})).values()) == [
        "It holds no messages; it tells of 4 people and 4 channels."
    ]


@pytest.mark.parametrize(
    ("content", "kept", "why"),
    [
        (b"", 0, "The file is empty."),
        (b"  \n", 0, "The file is empty."),
        (b"[]", 0, ""),
        (b"{}", 0, "It holds no list of messages."),
        (b"<html>", 0, "It is no JSON that can be read."),
        (json.dumps([message("a"), message("b")]).encode()[:-30], 1, "It is damaged after its entry 1; the "),
        (b"[" * 100_000, 0, "It is damaged after its entry 0; the "),
    ],
)
def test_a_damaged_day_gives_what_it_can_and_says_what_it_cannot(
    tmp_path: Path, content: bytes, kept: int, why: str
) -> None:
    path = write(tmp_path, {"channels.json": CHANNELS, "ops/2024-01-01.json": [message("safe")], DAY: content})

    assert sorted(item.text for item in items(path)) == ["a"] * kept + ["safe"]
    assert "".join(refusals(path).values()).startswith(why)
    assert len(read(path)) == 1 + kept + bool(why)


def test_entries_that_are_no_messages_are_refused_one_by_one(tmp_path: Path) -> None:
    path = write(tmp_path, {"channels.json": CHANNELS, DAY: [None, message("kept"), "text", {"text": "no time"}]})

    assert [item.text for item in items(path)] == ["kept"]
    assert refusals(path) == {
        f"{DAY}, message 1": "It is no message but empty.",
        f"{DAY}, message 3": "It is no message but a text.",
        f"{DAY}, message 4": "It is no message that can be told from others: its ts is missing or empty.",
    }


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
    ],
)
def test_other_encodings_of_unicode_are_read(tmp_path: Path, encode: object) -> None:
    assert callable(encode)
    day = encode(json.dumps([message("Grüße ☂")], ensure_ascii=False))

    (found,) = items(write(tmp_path, {"channels.json": CHANNELS, DAY: day}))

    assert (found.text, found.problems) == ("Grüße ☂", ())


def test_bytes_that_are_no_unicode_are_read_as_windows_and_the_message_says_so(tmp_path: Path) -> None:
    day = json.dumps([message("Grüße"), message("plain", minutes=1)], ensure_ascii=False).encode("latin-1")

    first, second = items(write(tmp_path, {"channels.json": CHANNELS, DAY: day}))

    assert first.text == "Grüße"
    assert first.problems == ("In this file, bytes are not valid UTF-8, read as Windows-1252.",)
    assert second.problems == ()


def test_lone_surrogates_and_nul_do_not_come_through(tmp_path: Path) -> None:
    day = b'[{"type":"message","user":"U0ADA0001","text":"a\\ud800b\\u0000c\\r\\nd","ts":"1704110400.000000"}]'

    assert items(write(tmp_path, {"channels.json": CHANNELS, DAY: day}))[0].text == "a\ufffdbc\nd"


def test_a_damaged_list_of_people_is_named_and_the_rest_of_it_used(tmp_path: Path) -> None:
    cut = json.dumps(USERS)[:-20]

    path = export(tmp_path, {"general": [message()]}, users=cut)

    assert items(path)[0].sender.name == "Ada"
    assert refusals(path)["users.json"].startswith("It is damaged after its entry 3; ")


@given(st.binary(max_size=60) | st.text('[]{}",:tsxe01.', max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_whatever_cost_no_other_day(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"channels.json": content, DAY: content, "ops/2024-01-01.json": [message("safe")]})

    assert [item.text for item in items(tmp_path)][-1:] == ["safe"]


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_a_day_breaks_off_the_messages_before_are_kept(tmp_path: Path, data: st.DataObject) -> None:
    day = json.dumps([message("a"), message("b", minutes=1), message("c", minutes=2)]).encode()
    cut = data.draw(st.integers(1, len(day) - 1))

    path = write(tmp_path, {DAY: day[:cut]})

    kept = day[:cut].count(b'000"}')
    assert [item.text for item in items(path)] == ["a", "b", "c"][:kept]
    assert len(refusals(path)) == 1


def test_reading_says_how_far_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, {DAY: [message("a"), message("b", minutes=1)]})

    first, second = read(path)

    assert (first.progress.done, second.progress.done) == (first.progress.total // 2, second.progress.total)  # type: ignore[operator] # the total is known


def test_the_same_export_is_read_the_same_way_twice(tmp_path: Path) -> None:
    path = export(tmp_path, {"general": [message(), message("b", user=CLEO)], DIRECT: [message("c")]})

    assert read(path) == read(path)


def test_a_missing_path_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        read(tmp_path / "nowhere")
