"""When a message was sent."""

from datetime import UTC, datetime

import pytest

from app.integrations.mail.dates import read_date, sent

RECEIVED = ["from a by b; Tue, 12 Mar 2024 10:00:00 +0100", "from c by d; Tue, 12 Mar 2024 09:59:00 +0100"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 12 Mar 2024 09:30:00 +0100", "2024-03-12T09:30:00+01:00"),
        ("12 Mar 2024 09:30 -0000", "2024-03-12T09:30:00+00:00"),
        ("Tue, 12 Mar 24 09:30:00 EST", "2024-03-12T09:30:00-05:00"),
        ("Tue, 12 Mar 102 09:30:00 GMT", "2002-03-12T09:30:00+00:00"),
        ("Tue Mar 12 09:30:00 2024", "2024-03-12T09:30:00+00:00"),
        ("Tue Mar 12 09:30:00 +0000 2024", "2024-03-12T09:30:00+00:00"),
        ("2024-03-12T09:30:00Z", "2024-03-12T09:30:00+00:00"),
        ("Tue, 12 March 2024 9.30.00 +0530 (IST)", "2024-03-12T09:30:00+05:30"),
        ("Tue, 12 Mar 2024 23:59:60 +0000", "2024-03-12T23:59:59+00:00"),
        ("Mar 12, 2024 9:30:00 PM", "2024-03-12T21:30:00+00:00"),
    ],
)
def test_dates_as_mail_writes_them(text: str, expected: str) -> None:
    when = read_date(text)

    assert when is not None
    assert when.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "32 Mar 2024 10:00:00 +0000", "Tue, 12 Mar 2024 25:00:00 +0000", "12 Mar 2024 10:00 -1600"]
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


def test_the_senders_own_offset_is_kept() -> None:
    when, trouble = sent("Tue, 12 Mar 2024 04:00:00 -0500", RECEIVED, None)

    assert when is not None
    assert when.isoformat() == "2024-03-12T04:00:00-05:00"
    assert trouble == ""


@pytest.mark.parametrize("date", ["nonsense", "Tue, 12 Mar 2028 09:30:00 +0100", "Thu, 1 Jan 1970 00:00:00 +0000", ""])
def test_an_unbelievable_date_falls_back_to_the_newest_arrival(date: str) -> None:
    when, trouble = sent(date, RECEIVED, None)

    assert when is not None
    assert when.isoformat() == "2024-03-12T10:00:00+01:00"
    assert trouble.endswith("the time of arrival is used instead.")


def test_without_received_headers_the_mbox_line_tells_the_time() -> None:
    when, _ = sent("", [], datetime(2024, 3, 12, tzinfo=UTC))

    assert when == datetime(2024, 3, 12, tzinfo=UTC)


def test_where_nothing_tells_the_time_it_is_unknown() -> None:
    assert sent("", [], None) == (None, "Date is missing, and nothing else tells the time.")
