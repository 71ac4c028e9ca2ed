"""Slack's markup becomes what people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.slack.directory import Directory
from app.integrations.slack.mrkdwn import inline, mentions, written
from tests.integrations.slack.build import ADA, BEN, GENERAL, NAMES


def read(source: str) -> str:
    return written(source, NAMES).text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f"Thanks <@{ADA}>!", "Thanks @Ada!"),
        (f"<@{ADA}|oldname> wrote", "@Ada wrote"),
        ("<@U0GONE001|gone>", "@gone"),
        ("<@U0GONE001>", "@U0GONE001"),
        (f"see <#{GENERAL}>", "see #general"),
        (f"see <#{GENERAL}|earlier-name>", "see #general"),
        ("see <#C0OTHER01|other>", "see #other"),
        ("see <#C0OTHER01|>", "see #C0OTHER01"),
        ("<!here> <!channel> <!everyone|everyone>", "@here @channel @everyone"),
        ("<!subteam^S0OPS0001|@ops>", "@ops"),
        ("<!subteam^S0OPS0001>", "@ops"),
        ("<!date^1704110400^{date} at {time}|noon>", "noon"),
        ("<!date^1704110400^{date}>", "2024-01-01 12:00 UTC"),
        ("<!something|said>", "said"),
    ],
)
def test_people_channels_and_commands_are_named(source: str, said: str) -> None:
    assert read(source) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<https://a.example/x_y_z>", "https://a.example/x_y_z"),
        ("<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"),
        ("<https://a.example/doc|the plan>", "the plan (https://a.example/doc)"),
        ("<https://a.example/doc|*the plan*>", "the plan (https://a.example/doc)"),
        ("<http://a.example|a.example>", "a.example"),
        ("<https://www.a.example/|a.example>", "a.example"),
        ("<https://a.example/long/path|a.example/long…>", "https://a.example/long/path"),
        ("<mailto:ada@engine.example|ada@engine.example>", "ada@engine.example"),
        ("<mailto:ada@engine.example|Ada>", "Ada (ada@engine.example)"),
        ("<tel:+15550100|+1 555 0100>", "+1 555 0100 (+15550100)"),
    ],
)
def test_links_are_spelt_out_unless_their_words_are_the_address(source: str, said: str) -> None:
    assert read(source) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("*bold* _slanted_ ~struck~ `code`", "bold slanted struck code"),
        ("*_both_* and _*both*_", "both and both"),
        ("2 * 3 * 4, snake_case_name, a*b*c, ~/bin and ~/etc", "2 * 3 * 4, snake_case_name, a*b*c, ~/bin and ~/etc"),
        ("* not a marker *", "* not a marker *"),
        ("`a *b* _c_`", "a *b* _c_"),
        ("before ```x = *y*\n&gt; z``` after", "before \nx = *y*\n> z\n after"),
        ("`<https://a.example|a.example>`", "a.example"),
        (f"`hi <@{BEN}>`", "hi @Ben Bold"),
        (f"*<@{ADA}>*", "@Ada"),
    ],
)
def test_markers_are_dropped_where_they_mark_and_kept_in_code(source: str, said: str) -> None:
    assert read(source) == said


def test_what_was_escaped_is_unescaped_once() -> None:
    assert read("a &lt;b&gt; &amp;amp; &amp;lt; R&amp;D &nbsp;") == "a <b> &amp; &lt; R&D &nbsp;"


def test_emoji_stay_without_their_skin_tone() -> None:
    assert read(":tada: :+1::skin-tone-3:") == ":tada: :+1:"


def test_quoted_lines_stand_apart_from_what_was_written() -> None:
    found = written("&gt; Can you come?\n&gt; Friday?\nYes, *both*.", NAMES)

    assert (found.text, found.quoted) == ("Yes, both.", "Can you come?\nFriday?")


def test_three_marks_quote_everything_behind_them() -> None:
    found = written("Look:\n&gt;&gt;&gt; one\n\ntwo", NAMES)

    assert (found.text, found.quoted) == ("Look:", "one\n\ntwo")


def test_quotes_within_quotes_are_marked_as_in_mail() -> None:
    found = written("&gt;&gt; Is it hidden?\n&gt; Some of it.\nI see no hidden state.", NAMES)

    assert (found.text, found.quoted) == ("I see no hidden state.", "Is it hidden?\nSome of it.")
    assert written("&gt;&gt;&gt; a\n&gt;&gt; b\nc", NAMES).text == "c"


def test_a_quote_alone_is_the_text() -> None:
    found = written("&gt; Only this", NAMES)

    assert (found.text, found.quoted) == ("Only this", "")


def test_where_quotes_were_no_holes_are_left() -> None:
    assert read("One\n\n&gt; two\n\nthree") == "One\n\nthree"


def test_mentions_are_found_in_their_order() -> None:
    assert mentions(f"<@{BEN}>, <@{ADA}|ada>, <!here>") == [BEN, ADA]


@given(st.text(alphabet=st.sampled_from("a *_~`<>|@#!&;gtl:\n\0\ud800-9^U"), max_size=80))
def test_any_text_whatever_gives_clean_text(source: str) -> None:
    found = written(source, Directory())

    assert not set("\0\ud800") & set(found.text + found.quoted + inline(source, Directory()))


@given(st.text(alphabet="abc .,", max_size=40))
def test_text_without_marks_stays_as_it_is(source: str) -> None:
    assert read(source) == source.strip()
