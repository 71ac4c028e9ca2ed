"""Mail from files: maildir, mbox (Google Takeout too) and single messages.

One message parser stands behind all three kinds (message.py); the kinds differ in how they find messages. The
readers stream: memory is bounded by one message, and a message is bounded too (capture.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.integrations.contract import Manifest, Options
from app.integrations.exports.tree import holds_archive
from app.integrations.mail import folder, maildir
from app.records import Read


class MaildirReader:
    def recognises(self, path: Path) -> bool:
        if path.is_dir():
            return next(maildir.maildirs(path), None) is not None
        return maildir.is_packed_maildir(path)

    def read(self, path: Path, _options: Options, /) -> Iterator[Read]:
        packed = path.is_file() and holds_archive(path)
        return maildir.read_archive(path) if packed else maildir.read_maildir(path)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Both kinds read whatever mail they are given; they differ in what they recognise."""

    sort: str

    def recognises(self, path: Path) -> bool:
        return folder.sort_of(path) == self.sort

    def read(self, path: Path, _options: Options, /) -> Iterator[Read]:
        return folder.read_folder(path) if path.is_dir() else folder.read_single(path)


MAILDIR = Manifest(
    kind="maildir",
    title="Maildir",
    description="Mail kept one file a message, with its folders and flags.",
    reader=MaildirReader(),
    file_hint="a maildir folder (it contains cur and new), or a zip of one",
)
MBOX = Manifest(
    kind="mbox",
    title="Mailbox file (mbox)",
    description="Whole mailboxes in one file, as Google Takeout, Thunderbird and Apple Mail export them.",
    reader=FileReader("mbox"),
    file_hint="an .mbox file (also .mbox.gz), for example from Google Takeout, or a folder or zip of them",
)
EML = Manifest(
    kind="eml",
    title="Message files (.eml)",
    description="Single messages, or a folder tree of them.",
    reader=FileReader("eml"),
    file_hint="an .eml file, or a folder or zip of message files",
)
MANIFESTS = (MAILDIR, MBOX, EML)
