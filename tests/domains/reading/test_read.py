"""What a message says, apart from deadlines: asking, trouble, haste, money, thanks."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domains.reading import Reading, Text, from_json, read, to_json

SENT = datetime(2025, 9, 24, 10, tzinfo=UTC)


def facts(text: str, name: str, *, subject: str = "", our_names: tuple[str, ...] = ()) -> list[object]:
    found = read(Text(text=text, subject=subject, sent_at=SENT, our_names=our_names)).facts
    return [fact.value for fact in found if fact.fact == name]


@pytest.mark.parametrize(
    "text",
    [
        "Can you send me the contract?",
        "Please review the attached plan.",
        "Has anyone seen this error on the new firmware?",
        "How do I change the gain from Python?",
        "I would appreciate any hints on how to set up the clock.",
        "We need you to approve the budget.",
        "Let me know what you think.",
        "Any idea why this happens?",
        "Send me the logs, thanks in advance.",
        "Make sure the door is locked.",
        "I need your numbers by noon.",
        "Mira, send the deck to Ines.",
        "Why don't we meet on Monday?",
        "Anyone know why the deploy is stuck?",
        "I was hoping you could share the slides.",
        "Your approval is required.",
        "What's the status of ticket 123?",
        "Thoughts?",
    ],
)
def test_a_request_asks(text: str) -> None:
    assert read(Text(text=text)).asks >= 50
    assert facts(text, "asks")


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for your help!",
        "The meeting was fine and everybody was there.",
        "Click here to unsubscribe from this newsletter.",
        "Act now, this offer is for a limited time only!",
        "The release was made on Friday.",
        "He asked me to send the report.",
        "Attached is the invoice.",
        "Join thousands of happy customers.",
        "See you on Monday.",
        "Shop the sale today and save big.",
        "To ensure delivery, please add us to your address book.",
        "> Can you send me the contract?\nI sent it.",
        "```\nplease send me the file\n```\nThat is what it prints.",
    ],
)
def test_news_thanks_and_marketing_ask_for_nothing(text: str) -> None:
    assert read(Text(text=text)).asks < 50


def test_the_strongest_sentence_speaks_for_the_text() -> None:
    ask = "Could you please send me the contract?"
    story = "The weather was fine. We had lunch. It was warm."

    assert read(Text(text=f"{story} {ask}")).asks >= read(Text(text=ask)).asks


def test_a_request_is_quoted_as_its_sentence() -> None:
    reading = read(Text(text="Hello Ann,\nit rained. Could you call me back? Bye"))

    assert [fact.quote for fact in reading.facts if fact.fact == "asks"] == ["Could you call me back?"]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("The production server is down", "Scroll down to see the download"),
        ("Data loss after the upgrade", "Typo in the upgrade notes"),
        ("Crash on startup", "Add an option to the startup page"),
        ("Security breach in the customer portal", "Minor cosmetic issue in the customer portal"),
        ("Build fails on all branches", "Would be nice to have faster builds"),
        ("Some customers are having trouble signing in", "Customers like the sign-in page"),
        ("Messages are not loading", "Add a loading icon for messages"),
        ("Links on every page are broken", "Broken link in the readme"),
        ("NullPointerException when saving an order", "TestOrder.testSaving fails now and then"),
        ("Mails are sent to the wrong recipients", "Rename the list of recipients"),
    ],
)
def test_trouble_outweighs_trifles(worse: str, better: str) -> None:
    assert read(Text(text=worse)).severity > read(Text(text=better)).severity + 20


@pytest.mark.parametrize(
    "text",
    ["The download is ready.", "It went down the road.", "Write down the number.", "Please write it down as it is."],
)
def test_down_counts_only_as_a_word_of_trouble(text: str) -> None:
    assert read(Text(text=text)).severity <= 20


@pytest.mark.parametrize(
    "text",
    [
        "I can't wait to see you.",
        "If you have trouble, call us.",
        "I stopped using the old one.",
        "The fire extinguishers are new.",
        "It never crashes.",
    ],
)
def test_what_only_sounds_like_trouble_is_none(text: str) -> None:
    assert read(Text(text=text)).severity < 40


def test_urgent_as_a_word_is_told_apart_from_its_family() -> None:
    assert facts("This is URGENT!", "says_urgent") == [True]
    assert facts("This is URGENT!", "urgency") == ["URGENT"]
    assert facts("Please fix it asap.", "says_urgent") == []
    assert facts("Please fix it asap.", "urgency") == ["asap"]
    assert facts("Nothing.", "says_urgent", subject="Urgent: pump") == [True]


@pytest.mark.parametrize(
    "text", ["Not urgent.", "It's not so urgent", "A non-urgent matter", "This isn't urgent at all."]
)
def test_a_denied_urgency_is_its_contrary(text: str) -> None:
    assert facts(text, "says_urgent") == facts(text, "urgency") == []
    assert facts(text, "no_rush") == [True]


def test_urgent_within_another_word_is_nothing() -> None:
    assert facts("The insurgents and the resurgent team", "says_urgent") == []


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("It costs $1,200.50 a day.", 1200.5, "USD"),
        ("We owe EUR 3k.", 3000.0, "EUR"),
        ("About 1.2 million dollars.", 1.2e6, "USD"),
        ("Der Preis: €1.200,00", 1200.0, "EUR"),
        ("£45 or £7", 45.0, "GBP"),
        ("1.200 € im Monat", 1200.0, "EUR"),
        ("CHF 1'200.50", 1200.5, "CHF"),
    ],
)
def test_the_largest_amount_is_read_with_its_currency(text: str, amount: float, currency: str) -> None:
    assert facts(text, "money") == [amount]
    assert facts(text, "currency") == [currency]


@pytest.mark.parametrize("text", ["Version 1.200", "100 people came", "Call 555 1234"])
def test_a_number_without_a_currency_is_no_money(text: str) -> None:
    assert facts(text, "money") == []


def test_our_name_counts_as_a_word_only() -> None:
    ours = ("Ann", "Ann Example")

    assert facts("Could @ann look at it?", "mentions_us", our_names=ours) == [True]
    assert facts("Hi Ann Example,", "mentions_us", our_names=ours) == [True]
    assert facts("Annual planning", "mentions_us", our_names=ours) == []
    assert facts("Write to ann@example.org", "mentions_us", our_names=ours) == []


def test_a_question_mark_counts_behind_a_word_only() -> None:
    assert facts("Is it on?", "question") == [True]
    assert facts("See https://example.org/?q=1 for more.", "question") == []
    assert facts("Use `a ? b : c` here.", "question") == []


@pytest.mark.parametrize("text", ["Thanks!", "Great, thank you so much!\nBob", "+1", "👍", "OK, sounds good.", "LGTM"])
def test_a_message_of_thanks_closes(text: str) -> None:
    assert facts(text, "thanks_only") == [True]
    assert read(Text(text=text)).asks == 0


@pytest.mark.parametrize("text", ["Thanks, but can you resend it?", "Thanks, the pump leaks again.", "", "Hello Bob"])
def test_more_or_less_than_thanks_does_not_close(text: str) -> None:
    assert facts(text, "thanks_only") == []


@pytest.mark.parametrize(
    "text",
    [
        "I am still waiting.",
        "This is the third time I ask.",
        "This is the 3rd time I ask.",
        "Any update on this?",
        "Just following up.",
    ],
)
def test_patience_at_an_end_is_an_escalation(text: str) -> None:
    assert facts(text, "escalation") == [True]


WORDS = st.sampled_from(
    [
        "please",
        "send",
        "by",
        "Friday",
        "5pm",
        "urgent",
        "not",
        "the",
        "server",
        "is",
        "down",
        "€1.200,00",
        "?",
        "!",
        ".",
        ",",
        "\n\n",
        ">",
        "10/03/2026",
        "’",
        "İ",
        "due",
        "within",
        "24",
        "hours",
        "don't",
        "```",
        "http://x.y/?z",
        "a_b",
        "+1",
        "EOD",
        "(PT)",
        "next",
        "week",
        "can",
        "you",
        "thanks",
        "@ann",
        "😀",
        "\t",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=300))


@given(text=TEXTS, subject=TEXTS)
@settings(max_examples=200, deadline=None)
def test_every_quote_stands_where_it_says(text: str, subject: str) -> None:
    reading = read(Text(text=text, subject=subject, sent_at=SENT, our_names=("ann",)))

    for fact in reading.facts:
        source = text if fact.where == "text" else subject
        assert source[fact.start : fact.end] == fact.quote
        assert fact.quote


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_points_stay_within_bounds_and_reading_twice_says_the_same(text: str) -> None:
    reading = read(Text(text=text, sent_at=SENT))

    assert 0 <= reading.asks <= 100
    assert 0 <= reading.severity <= 100
    assert read(Text(text=text, sent_at=SENT)) == reading


@given(text=TEXTS)
@settings(max_examples=50, deadline=None)
def test_a_reading_survives_its_storage(text: str) -> None:
    reading: Reading = read(Text(text=text, sent_at=SENT))

    assert from_json(json.loads(json.dumps(to_json(reading)))) == reading


@pytest.mark.parametrize(
    "unit", ["a ", "(" * 9, "can you ", "by ", ". ", "hi a, ", "a1", "1", "> ", "\n", "; ", "due ", "€1 "]
)
def test_a_megabyte_of_anything_is_read_as_its_beginning(unit: str) -> None:
    huge = unit * (1_000_000 // len(unit))
    beginning = huge[:20_000]

    assert read(Text(text=huge, sent_at=SENT)) == read(Text(text=beginning, sent_at=SENT))
