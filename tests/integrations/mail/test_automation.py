"""Who wrote it: people, lists of people, or machines."""

import pytest

from tests.integrations.mail.build import item, multipart

LIST = {
    "list_id": "Gardeners <garden.lists.example>",
    "list_post": "<mailto:garden@lists.example>",
    "list_unsubscribe": "<mailto:garden-leave@lists.example>",
    "precedence": "list",
}


def category(read_headers: dict[str, str], body: str = "Hello") -> str | None:
    found = item(body, **read_headers).automation
    return found.category if found else None


@pytest.mark.parametrize(
    ("headers", "expected", "evidence"),
    [
        ({"list_unsubscribe": "<https://shop.example/u>"}, "newsletter", "List-Unsubscribe without List-Post"),
        ({"list_unsubscribe_post": "List-Unsubscribe=One-Click"}, "newsletter", "One-Click"),
        ({"precedence": "bulk"}, "newsletter", "Precedence: bulk"),
        ({"feedback_id": "1:camp:shop"}, "newsletter", "Feedback-Id"),
        ({"x_mailer": "Mailchimp Mailer"}, "newsletter", "Mailchimp"),
        ({"from": "Shop <newsletter@shop.example>"}, "newsletter", "newsletter@shop.example"),
        ({"auto_submitted": "auto-generated"}, "bot", "auto-generated"),
        ({"auto_submitted": "auto-replied"}, "auto_reply", "auto-replied"),
        ({"subject": "Out of office: back on Monday"}, "auto_reply", "Out of office"),
        ({"x_autoreply": "yes"}, "auto_reply", "yes"),
        ({"from": "MAILER-DAEMON@mx.example"}, "bounce", "mailer-daemon@mx.example"),
        ({"from": "No Reply <no-reply@bank.example>"}, "notification", "no-reply@bank.example"),
        ({"from": "root@server.example"}, "bot", "root@server.example"),
        ({"return_path": "<>"}, "bot", "Return-Path is empty"),
        ({"x_github_reason": "mention"}, "notification", "mention"),
        ({"x_spam_flag": "YES"}, "spam", "YES"),
        ({"user_agent": "rss2email 3"}, "bot", "rss2email"),
        ({**LIST, "from": "root@server.example"}, "bot", "root@server.example"),
        ({**LIST, "list_id": "<announce.lists.example>"}, "newsletter", "List-Unsubscribe"),
        ({**LIST, "list_id": "<app-commits.lists.example>"}, "bot", "app-commits"),
    ],
)
def test_machines_are_known_by_their_headers(headers: dict[str, str], expected: str, evidence: str) -> None:
    found = item(**headers).automation

    assert found is not None
    assert found.category == expected
    assert evidence in found.reason


@pytest.mark.parametrize(
    "headers",
    [
        {},
        LIST,
        {**LIST, "subject": "Re: [garden] Slugs", "in_reply_to": "<x1@y.example>"},
        {**LIST, "x_mailer": "PHPMailer 6.0"},
        {"auto_submitted": "no"},
        {"from": "Nora Reply <nora.reply@office.example>"},
        {"precedence": "bulk", "in_reply_to": "<x1@y.example>"},
        {"mailing_list": "list garden@groups.example; contact garden-owner@groups.example", "precedence": "bulk"},
        {
            "list_unsubscribe": "<mailto:leave@lists.example>",
            "x_mailer": "Microsoft Outlook 16.0",
            "from": "bob@home.example",
        },
    ],
)
def test_people_and_their_lists_are_not_automation(headers: dict[str, str]) -> None:
    assert category(headers) is None


def test_a_delivery_report_is_a_bounce() -> None:
    read = multipart("\nSorry.", kind="report; report-type=delivery-status")

    assert read.automation is not None
    assert read.automation.category == "bounce"


def test_an_invitation_is_a_calendar_matter() -> None:
    read = multipart("\nJoin us.", "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR")

    assert read.automation is not None
    assert read.automation.category == "calendar"


def test_a_mailing_without_headers_is_known_by_its_sentences_and_quotes_one() -> None:
    found = item(
        "Dear friend,\nact now: a risk-free offer!!! Click here to order today.\n"
        "To be removed from our mailing list, reply with remove in the subject."
    ).automation

    assert found is not None
    assert found.category == "newsletter"
    assert "removed from our mailing" in found.reason


def test_a_person_who_mentions_unsubscribing_is_still_a_person() -> None:
    assert category({}, "I wanted to unsubscribe from that shop yesterday. Did it work for you?") is None


def test_the_discussion_list_is_named() -> None:
    assert item(**LIST).list_id == "garden.lists.example"
    assert item(precedence="bulk").list_id == ""
