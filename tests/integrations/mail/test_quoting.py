"""New text, quoted history and signature."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.mail.quoting import Split, split


def test_a_reply_above_the_quotation() -> None:
    read = split("Yes, please.\n\nOn Tue, 12 Mar 2024 at 09:30, Ada <ada@x.example>\nwrote:\n\n> Shall we?\n> Ada")

    assert read == Split(
        "Yes, please.", "On Tue, 12 Mar 2024 at 09:30, Ada <ada@x.example>\nwrote:\n\n> Shall we?\n> Ada"
    )


def test_a_reply_below_the_quotation() -> None:
    assert split("Ada wrote:\n> Shall we?\n\nYes, please.").text == "Yes, please."


def test_replies_between_quotations_stay_new() -> None:
    read = split("> One?\nYes.\n> Two?\nNo.")

    assert read.text == "Yes.\n\nNo."
    assert read.quoted == "> One?\n\n> Two?"


@pytest.mark.parametrize(
    "mark",
    [
        "-----Original Message-----\nFrom: Ada\nSent: Tuesday\nTo: Bob\nSubject: Plan",
        "From: Ada <ada@x.example>\nSent: Tuesday, 12 March 2024 09:30\nTo: Bob\nSubject: Plan",
        "________________________________\nVon: Ada\nGesendet: Dienstag\nAn: Bob\nBetreff: Plan",
        "*De :* Ada\n*Envoyé :* mardi\n*À :* Bob\n*Objet :* Plan",
        "De: Ada\nEnviado: martes\nPara: Bob\nAsunto: Plan",
        "-----Ursprüngliche Nachricht-----",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "Am 12.03.2024 um 09:30 schrieb Ada:",
        "Le mar. 12 mars 2024 à 09:30, Ada <ada@x.example> a écrit :",
        "El mar, 12 mar 2024 a las 9:30, Ada escribió:",
        "Op di 12 mrt 2024 om 09:30 schreef Ada:",
        "On Tue, Mar 12, 2024 at 9:30 AM Ada Lovelace <\nada@x.example> wrote:",
    ],
)
def test_what_repeats_a_message_is_quoted_to_the_end(mark: str) -> None:
    read = split(f"Agreed.\n\n{mark}\n\nThe old text.\nMore of it.")

    assert read.text == "Agreed."
    assert "The old text." in read.quoted


def test_a_forward_without_new_words_keeps_what_it_forwards() -> None:
    read = split(
        "---------- Forwarded message ---------\nFrom: Ada\nDate: Tuesday\nSubject: Plan\n\nPlease pay by Friday."
    )

    assert "Please pay by Friday." in read.text
    assert read.quoted == ""


def test_a_forward_keeps_its_text_and_not_what_that_quotes() -> None:
    read = split("Begin forwarded message:\n\nPlease pay.\n> Did we pay?")

    assert "Please pay." in read.text
    assert read.quoted == "> Did we pay?"


def test_an_answer_under_a_header_block_with_marked_quotation_stays_new() -> None:
    read = split("-----Original Message-----\nFrom: Ada\nTo: Bob\nSubject: Plan\n\n> Shall we?\n\nYes, on Monday.")

    assert read.text == "Yes, on Monday."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nBob Builder\nSite Ltd",
        "--\nBob",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Get Outlook for iOS",
        "_______________________________________________\nteam mailing list\nteam@lists.example",
        "https://lists.example/mailman/listinfo/team",
        "To unsubscribe from this group, send an email to:\nteam-unsubscribe@groups.example",
        "_________________________________\nGet your own free mail at mail.example",
        "CONFIDENTIALITY NOTICE: for the addressee alone.",
        "This e-mail and its attachments may be confidential.\nDelete it.",
    ],
)
def test_signatures_and_footers_are_told_apart(signature: str) -> None:
    read = split(f"See you there.\n\n{signature}")

    assert read.text == "See you there."
    assert read.signature


def test_a_signature_above_the_quotation_ends_there() -> None:
    read = split("Fine.\n-- \nBob\n\n> old")

    assert read == Split("Fine.", "> old", "--\nBob")


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the bus was late.\nShe wrote:\nnothing at all.",
        "From: the beginning it was hard.\nStill is.",
        "Options:\n- one\n- two\n\nTotal --- 5",
        "a > b",
    ],
)
def test_ordinary_text_stays_text(text: str) -> None:
    assert split(text).text == text


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["> a", "b", "", "-- ", "On 1 May Ada wrote:", "From: x", "To: y", "Subject: z", "____", "A wrote:"]
        )
    )
)
def test_no_line_is_lost_or_doubled(lines: list[str]) -> None:
    read = split("\n".join(lines))

    said = "\n".join([read.text, read.quoted, read.signature])
    assert sorted(line.strip() for line in said.split("\n") if line.strip()) == sorted(
        line.strip() for line in lines if line.strip()
    )
