"""Blocks of the composer and of apps say what people see."""

from typing import Any

from app.integrations.slack.blocks import read_blocks
from tests.integrations.slack.build import ADA, GENERAL, NAMES, said


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": list(elements)}]


def section(*elements: dict[str, Any], kind: str = "section", **fields: Any) -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **fields}


def word(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "style": {"bold": True}}


def test_every_element_of_rich_text_is_read() -> None:
    blocks = rich(
        section(
            *(word("Hi "), {"type": "user", "user_id": ADA}, word(" in "), {"type": "channel", "channel_id": GENERAL}),
            *(
                word(", "),
                {"type": "usergroup", "usergroup_id": "S0OPS0001"},
                word(" "),
                {"type": "broadcast", "range": "here"},
            ),
            *(word(" "), {"type": "emoji", "name": "+1::skin-tone-2"}, word(" "), {"type": "color", "value": "#fff"}),
            *(word(" "), {"type": "link", "url": "https://a.example?a&amp;b", "text": "plan"}),
            *(word(" "), {"type": "date", "timestamp": 1704110400, "fallback": "noon"}),
        )
    )

    assert (
        read_blocks(blocks, NAMES).text == "Hi @Ada in #general, @ops @here :+1: #fff plan (https://a.example?a&b) noon"
    )


def test_lists_are_written_as_lists_at_their_depth() -> None:
    blocks = rich(
        section(section(word("one")), section(word("two")), kind="list", style="ordered"),
        section(section(word("within")), kind="list", style="ordered", indent=1),
        section(section(word("dot")), kind="list", style="bullet", indent=0),
    )

    assert read_blocks(blocks, NAMES).text == "1. one\n2. two\n  a. within\n• dot"


def test_quotes_stand_apart_and_code_is_kept() -> None:
    blocks = rich(
        section(word("They said"), kind="quote"), section(word("I say")), section(word("x = *y*"), kind="preformatted")
    )

    found = read_blocks(blocks, NAMES)

    assert (found.text, found.quoted) == ("I say\nx = *y*", "They said")


def test_blocks_of_apps_say_their_words() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Disk is full"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": f"*Host*: db-1, ask <@{ADA}>"},
            "fields": [{"type": "mrkdwn", "text": "*Used*\n97 %"}],
        },
        {
            "type": "context",
            "elements": [{"type": "image", "alt_text": "a graph"}, {"type": "plain_text", "text": "now"}],
        },
        {"type": "divider"},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}]},
        {"type": "block_of_tomorrow", "text": {"type": "plain_text", "text": "still read"}},
    ]

    assert read_blocks(blocks, NAMES).text == (
        "Disk is full\nHost: db-1, ask @Ada\nUsed\n97 %\na graph\nnow\n[Acknowledge]\nstill read"
    )


def test_blocks_speak_where_the_text_is_empty_or_a_fallback() -> None:
    blocks = rich(section(word("From the blocks")))

    assert said("", blocks=blocks).text == "From the blocks"
    assert said("This content can't be displayed.", blocks=blocks).text == "From the blocks"
    assert said("Typed", blocks=blocks).text == "Typed"


def test_what_an_app_laid_out_goes_before_its_notification() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "All that happened"}}]

    assert said("Something happened", bot_id="B0BEACON1", user=None, blocks=blocks).text == "All that happened"


def test_people_named_in_blocks_alone_are_spoken_to() -> None:
    found = said("", user="U0BEN0001", blocks=rich(section({"type": "user", "user_id": ADA}, word(" please look"))))

    assert [person.address for person in found.recipients] == ["ada@engine.example"]


def test_kinds_that_are_unknown_or_no_text_say_what_they_can() -> None:
    blocks = [
        {"type": []},
        *rich({"type": {}, "elements": [{"type": [], "text": "still "}, {"type": "new", "text": "read"}]}),
    ]

    assert read_blocks(blocks, NAMES).text == "still read"


def test_blocks_nested_without_end_are_left_out() -> None:
    deep: dict[str, Any] = word("far below")
    for _ in range(5000):
        deep = {"type": "rich_text_section", "elements": [deep]}

    assert read_blocks(rich(deep, section(word("on top"))), NAMES).text == "on top"
