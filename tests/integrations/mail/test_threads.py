"""Conversation keys and subject keys."""

import pytest

from app.integrations.mail.threads import bare_subject, is_reply, subject_key
from tests.integrations.mail.build import item


def test_keys_run_from_the_message_to_its_oldest_ancestor() -> None:
    read = item(in_reply_to="<three@x>", references="<one@x> <two@x>\n <three@x>", x_gm_thrid="1790000000000000001")

    assert read.keys == ("one@engine.example", "three@x", "two@x", "one@x", "gm:1790000000000000001")


def test_an_address_in_the_prose_of_in_reply_to_is_no_id() -> None:
    read = item(in_reply_to='Message from Bob Builder <bob@site.example> of "Mon, 11 Mar" <202403111200.AA01234@site>')

    assert read.keys == ("one@engine.example", "202403111200.AA01234@site")


def test_keys_are_at_most_thirty() -> None:
    read = item(references=" ".join(f"<m{n}@list.example>" for n in range(100)))

    assert len(read.keys) == 30
    assert read.keys[1] == "m99@list.example"


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Re: Budget 2024", "budget 2024"),
        ("RE: FW: Budget  2024", "budget 2024"),
        ("AW: WG: Budget 2024", "budget 2024"),
        ("Re[2]: Budget 2024", "budget 2024"),
        ("[team] Re: [team] Budget 2024", "budget 2024"),
        ("Re: Budget 2024 (fwd)", "budget 2024"),
        ("Straße", "strasse"),
        ("Re: hi", ""),
        ("Re:", ""),
        ("", ""),
        ("Question", ""),
        ("Release notes", "release notes"),
    ],
)
def test_subject_keys_leave_out_marks_and_tags(subject: str, key: str) -> None:
    assert subject_key(subject) == key


def test_reply_marks_are_found_behind_tags() -> None:
    assert is_reply("[team] Re: Budget")
    assert is_reply("Sv: Budget")
    assert not is_reply("Research: Budget")


@pytest.mark.parametrize(
    ("subject", "is_list", "bare"),
    [
        ("Re: Fwd: [offers] The  offer", True, "The offer"),
        ("[offers]: Re: The offer", True, "The offer"),
        ("Re: [offers] The offer", False, "[offers] The offer"),
        ("Antwort: 回复: Re (2): The offer", False, "The offer"),
        ("Re : The offer", False, "The offer"),
        ("Re:", False, "Re:"),
        ("[offers]", True, "[offers]"),
        ("", True, ""),
    ],
)
def test_the_bare_subject_leaves_out_marks_and_a_lists_tag(subject: str, is_list: bool, bare: str) -> None:
    assert bare_subject(subject, is_list=is_list) == bare
