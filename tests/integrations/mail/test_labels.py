"""Labels and flags in the languages and forms mailboxes write them."""

import pytest

from app.integrations.mail.labels import from_maildir, split_labels
from tests.integrations.mail.build import item


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ('Inbox,Unread,"Travel, 2023",Category Updates', ("Inbox", "Unread", "Travel, 2023", "Category Updates")),
        ("=?UTF-8?Q?Posteingang,Kategorie:_=22Werbung=22?=", ("Posteingang", 'Kategorie: "Werbung"')),
        ("=?UTF-8?Q?Projekt_=C3?= =?UTF-8?Q?=84pfel,Ge=C3=B6ffnet?=", ("Projekt Äpfel", "Geöffnet")),
        ("", ()),
    ],
)
def test_label_headers_are_split(header: str, labels: tuple[str, ...]) -> None:
    assert split_labels(header) == labels


@pytest.mark.parametrize(
    ("labels", "unread", "starred", "important", "outgoing"),
    [
        ("Inbox,Unread,Important", True, False, True, None),
        ("Posteingang,Ungelesen,Wichtig", True, False, True, None),
        ("=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Suivis,Ouvert?=", False, True, False, None),
        ("Recibidos,Destacados,=?UTF-8?Q?No_le=C3=ADdos?=", True, True, False, None),
        ("=?UTF-8?Q?Enviados,Aberto?=", False, False, False, True),
        ("Posta inviata,Importanti", False, False, True, True),
        ("Postvak IN,Ongelezen,Met ster", True, True, False, None),
        ("=?UTF-8?Q?Doru=C4=8Den=C3=A1_po=C5=A1ta,Nep=C5=99e=C4=8Dten=C3=A9?=", True, False, False, None),
        ("=?UTF-8?Q?Odebrane,Nieprzeczytane,Wa=C5=BCne?=", True, False, True, None),
        ("=?UTF-8?B?5Y+X5L+h44OI44Os44KkLOacquiqrQ==?=", True, False, False, None),
        ("Somewhere else", None, None, None, None),
    ],
)
def test_gmail_labels_mean_the_same_in_every_language(
    labels: str, unread: bool | None, starred: bool | None, important: bool | None, outgoing: bool | None
) -> None:
    read = item(x_gmail_labels=labels)

    assert (read.unread, read.starred, read.important, read.outgoing) == (unread, starred, important, outgoing)


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("Drafts", "draft"),
        ("Papierkorb", "trash"),
        ("Spam", "spam"),
        ("Category Promotions", "newsletter"),
        ("=?UTF-8?Q?Kategorie:_=22Soziale_Netzwerke=22?=", "notification"),
        ("=?UTF-8?Q?Cat=C3=A9gorie=C2=A0:_Promotions?=", "newsletter"),
    ],
)
def test_labels_that_say_it_asks_for_nothing(label: str, category: str) -> None:
    read = item(x_gmail_labels=label)

    assert read.automation is not None
    assert read.automation.category == category


def test_status_headers_of_mbox() -> None:
    assert item(status="RO", x_status="F").unread is False
    assert item(status="RO", x_status="F").starred is True
    assert item(status="O").unread is True
    assert item().unread is None


def test_flags_of_maildir() -> None:
    marks = from_maildir("FRS")

    assert (marks.unread, marks.starred) == (False, True)
    assert from_maildir("DT").meanings == {"draft", "trash"}
