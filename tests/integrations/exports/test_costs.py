"""Four times the text costs about four times the time, whatever it is made of: no reader can be kept busy for hours."""

import time
from collections.abc import Callable
from datetime import UTC

import pytest

from app.integrations.exports.columns import plain_name
from app.integrations.exports.dates import day_first_of, moment
from app.integrations.exports.links import links_in, notion_id
from app.integrations.exports.values import labels_of, people_of, plain, priority_of, status_of, truth_of
from app.integrations.notion import markdown
from app.integrations.notion.cells import linked
from app.integrations.slack import mrkdwn
from app.integrations.slack.directory import Directory

LENGTH = 80_000
SPACES_AND_STYLES = (" ", "\t", "a ", ".", ". ", "*", "**", "* a", "_", "_a", "~", "~a", "`", "```", "a`", "\\")
MARKS = ("|", "&", " & ", "/", "(", "[", "![", "[a](", "](", '"', ":", "::", "-", "- ", ",", ";", "> ", "&gt; ")
WORDS = ("1", "1 ", "1.", "0123abcd", "a@", "<a@b", "@a.b", "<", "<a", "<p ", "<@A1", "\n", "\n ")
ADDRESSES = ("https://", "https://www.notion.so/", "http://a.slack.com/archives/")
PIECES = (*SPACES_AND_STYLES, *MARKS, *WORDS, *ADDRESSES)
READERS: dict[str, Callable[[str], object]] = {
    "plain": plain,
    "people": people_of,
    "labels": labels_of,
    "status": status_of,
    "priority": priority_of,
    "truth": truth_of,
    "moment": lambda text: moment(text, zone=UTC, day_first=None, relative_to=None),
    "day first": lambda text: day_first_of([text]),
    "links": links_in,
    "notion id": notion_id,
    "column name": plain_name,
    "markdown": markdown.sheet,
    "linked": lambda text: linked(text, text),
    "mrkdwn": lambda text: mrkdwn.written(text, Directory()),
    "mentions": mrkdwn.mentions,
}


def cost(read: Callable[[str], object], text: str) -> float:
    """Seconds of the processor: the least of several tries, as others share the machine."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        read(text)
        best = min(best, time.process_time() - begun)
        if best < 0.02:
            break
    return best


def is_dear(read: Callable[[str], object], text: str) -> bool:
    """Whether the whole costs far more than four of its quarters. What costs nothing worth speaking of never is."""
    quarter = cost(read, text[: len(text) // 4] + "y")
    return quarter > 0.5 or ((whole := cost(read, text)) > 0.03 and whole / max(quarter, 1e-4) > 8)


@pytest.mark.parametrize("name", READERS)
def test_four_times_the_text_costs_about_four_times_as_much(name: str) -> None:
    texts = {head + piece: head + piece * (LENGTH // len(piece)) + "y" for piece in PIECES for head in ("", "x")}

    assert [made_of for made_of, text in texts.items() if is_dear(READERS[name], text)] == []
