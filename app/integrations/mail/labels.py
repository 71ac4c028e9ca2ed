"""Gmail's labels, folder names and status flags: what the mailbox knows about a message.

Takeout writes labels in the account's language, so what they mean is a table. An unknown label stays a label.
Sources: X-Gmail-Labels as Takeout writes it; Status and X-Status of mbox(5); flags of maildir(5).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.integrations.exports.charset import decode_words
from app.integrations.mail.headers import Headers

# In the order: English, German, French, Spanish, Portuguese, Italian, Dutch, Czech, Polish, Japanese; then variants.
MEANINGS: dict[str, tuple[str, ...]] = {
    "inbox": (
        *("inbox", "posteingang", "boîte de réception", "recibidos", "caixa de entrada", "posta in arrivo"),
        *("postvak in", "inbox", "doručená pošta", "odebrane", "受信トレイ", "bandeja de entrada", "entrada"),
    ),
    "unread": (
        *(
            "unread",
            "ungelesen",
            "non lus",
            "no leídos",
            "não lidas",
            "da leggere",
            "ongelezen",
            "nepřečtené",
        ),
        *("nieprzeczytane", "未読", "non lu", "no leído", "não lida", "non letti", "non letto", "non lues"),
    ),
    "opened": (
        *(
            "opened",
            "geöffnet",
            "ouvert",
            "abierto",
            "aberto",
            "aperto",
            "geopend",
            "otevřeno",
            "otwarte",
            "開封済み",
        ),
        *("ouverts", "abiertos", "abertas", "aperti", "otevřené", "既読"),
    ),
    "starred": (
        *(
            "starred",
            "markiert",
            "suivis",
            "destacados",
            "com estrela",
            "speciali",
            "met ster",
            "s hvězdičkou",
        ),
        *("oznaczone gwiazdką", "スター付き", "messages suivis", "marcado com estrela", "estrela", "flagged"),
    ),
    "important": (
        *(
            "important",
            "wichtig",
            "importants",
            "importantes",
            "importante",
            "importanti",
            "belangrijk",
            "důležité",
        ),
        *("ważne", "重要", "critici"),
    ),
    "sent": (
        *(
            "sent",
            "gesendet",
            "messages envoyés",
            "enviados",
            "enviados",
            "posta inviata",
            "verzonden",
            "odeslané",
        ),
        *("wysłane", "送信済み", "envoyé", "envoyés", "enviadas", "enviado", "inviati", "inviata", "inviato"),
        *("odeslaná pošta", "odesláno", "sent mail", "sent items", "sent messages", "gesendete objekte"),
        *(
            "gesendete elemente",
            "éléments envoyés",
            "elementos enviados",
            "itens enviados",
            "verzonden items",
        ),
        *("送信済みメール", "outbox", "e-mails enviados"),
    ),
    "draft": (
        *("drafts", "entwürfe", "brouillons", "borradores", "rascunhos", "bozze", "concepten", "koncepty"),
        *(
            "wersje robocze",
            "下書き",
            "draft",
            "entwurf",
            "brouillon",
            "borrador",
            "rascunho",
            "bozza",
            "concept",
        ),
    ),
    "trash": (
        *("trash", "papierkorb", "corbeille", "papelera", "lixeira", "cestino", "prullenbak", "koš", "kosz"),
        *("ゴミ箱", "bin", "deleted items", "deleted messages", "gelöschte elemente", "gelöscht", "deleted"),
        *("éléments supprimés", "elementos eliminados", "itens excluídos", "reciclagem", "lixo"),
    ),
    "spam": (
        *("spam", "spam", "spam", "spam", "spam", "spam", "spam", "spam", "spam", "迷惑メール"),
        *(
            "junk",
            "junk e-mail",
            "junk email",
            "bulk mail",
            "courrier indésirable",
            "ongewenste e-mail",
            "werbung",
        ),
    ),
    "promotions": (
        *(
            "promotions",
            "werbung",
            "promotions",
            "promociones",
            "promoções",
            "promozioni",
            "reclame",
            "promoakce",
        ),
        *("oferty", "プロモーション", "reclames", "promotion"),
    ),
    "social": (
        *("social", "soziale netzwerke", "réseaux sociaux", "social", "social", "social", "sociaal"),
        *(
            "sociální sítě",
            "społeczności",
            "ソーシャル",
            "sociale netwerken",
            "redes sociales",
            "redes sociais",
        ),
    ),
}
CATEGORIES = {"promotions", "social"}
BY_LABEL = {label: meaning for meaning, labels in MEANINGS.items() if meaning not in CATEGORIES for label in labels}
BY_CATEGORY = {label: meaning for meaning in CATEGORIES for label in MEANINGS[meaning]}
CATEGORY = re.compile(r"(?:category|kategorie|catégorie|categoría|categoria|categorie|kategoria|カテゴリ)\s?[::]?\s+")
LABEL = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=,|\Z)|([^,]+)')

MAILDIR_FLAGS = {"S": "opened", "F": "starred", "T": "trash", "D": "draft"}
FOLDER_MEANINGS = {"sent", "draft", "trash", "spam"}


@dataclass(frozen=True, slots=True)
class Marks:
    """What the mailbox says beside the message itself."""

    labels: tuple[str, ...] = ()
    meanings: frozenset[str] = frozenset()
    """Keys of `MEANINGS`."""
    unread: bool | None = None
    starred: bool | None = None
    important: bool | None = None

    def over(self, other: "Marks") -> "Marks":
        """Both together; where they differ this one holds."""
        return Marks(
            tuple(dict.fromkeys((*self.labels, *other.labels))),
            self.meanings | other.meanings,
            other.unread if self.unread is None else self.unread,
            other.starred if self.starred is None else self.starred,
            other.important if self.important is None else self.important,
        )


NO_MARKS = Marks()


def split_labels(value: str) -> tuple[str, ...]:
    """The labels of an X-Gmail-Labels header: encoded words joined, then commas outside quotes."""
    text = decode_words(value)[0]
    found = ((match[1] or match[2] or "").replace('""', '"') for match in LABEL.finditer(text))
    return tuple(dict.fromkeys(label for text in found if (label := " ".join(text.split()))))[:200]


def meaning(label: str) -> str | None:
    text = " ".join(label.split()).casefold()
    if category := CATEGORY.match(text):
        return BY_CATEGORY.get(text[category.end() :].strip('"„“” '))
    return BY_LABEL.get(text)


def meanings(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(found for label in labels if (found := meaning(label)))


def from_gmail(headers: Headers) -> Marks:
    """Gmail's labels. Where none of them is understood (an unknown language), unread and so on stay unknown."""
    labels = split_labels(headers.get("x-gmail-labels"))
    found = meanings(labels)
    if not found:
        return Marks(labels)
    unread = None if not found & {"unread", "opened", "inbox", "sent"} else "unread" in found
    return Marks(labels, found, unread, "starred" in found, "important" in found)


def from_status(headers: Headers) -> Marks:
    """Status: R read, O old; X-Status: F flagged, T draft, D deleted."""
    if "status" not in headers and "x-status" not in headers:
        return Marks()
    status, extra = headers.get("status")[:10].upper(), headers.get("x-status")[:10].upper()
    if not re.fullmatch(r"[RODNU ]*", status) or not re.fullmatch(r"[AFTDR ]*", extra):
        return Marks()
    found = {name for flag, name in (("T", "draft"), ("D", "trash")) if flag in extra}
    unread = "R" not in status if status else None
    return Marks((), frozenset(found), unread, "F" in extra if extra else None)


def from_maildir(flags: str) -> Marks:
    found = frozenset(MAILDIR_FLAGS[flag] for flag in flags if flag in MAILDIR_FLAGS)
    return Marks((), found, "opened" not in found, "starred" in found)


def from_folder(name: str) -> Marks:
    """A folder's name as a label, and what it means where that is one of the folders every program has."""
    found = meaning(name)
    return Marks((name,) if name else (), frozenset({found} if found in FOLDER_MEANINGS else ()))


def importance(headers: Headers) -> bool | None:
    """True where the sender marked it; nobody marks mail as unimportant on purpose, so never False."""
    marked = re.match(r"[12]\b", headers.get("x-priority")) or re.match(
        r"high|urgent", headers.get("importance") or headers.get("priority"), re.IGNORECASE
    )
    return True if marked or headers.get("x-msmail-priority").lower() == "high" else None
