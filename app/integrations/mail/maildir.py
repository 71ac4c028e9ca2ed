"""Maildir: one file a message, flags in the file's name, folders as subdirectories.

Both layouts are read: Maildir++ (``.Sent.2024`` beside cur and new) and nested folders each with its own cur.
tmp holds what is still being delivered and is left alone. A maildir in an archive is read too. Source: https://cr.yp.to/proto/maildir.html
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath

from app.integrations.exports.tree import GLANCED_AT, Damaged, Entry, Tree, file_entry, holds_archive, opened
from app.integrations.mail import folder, labels
from app.integrations.mail.labels import Marks
from app.records import Progress, Read, Refusal

MOST_DEPTH = 6
FLAGS = re.compile(r"[:!;]2,([A-Za-z]*)\Z")
SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and ((path / "new").is_dir() or (path / "tmp").is_dir())


def maildirs(root: Path, depth: int = 0) -> Iterator[Path]:
    """Every maildir at or below `root`, by path; links are not followed."""
    if is_maildir(root):
        yield root
    if depth >= MOST_DEPTH:
        return
    try:
        below = sorted(path for path in root.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return
    for path in below:
        if path.name not in ("cur", "new", "tmp"):
            yield from maildirs(path, depth + 1)


def folder_name(maildir: PurePath, root: PurePath) -> str:
    """«Archive/2024» for ``.Archive.2024`` or ``Archive/2024``; "" for the inbox itself."""
    parts = [part.removeprefix(".").replace(".", "/") for part in maildir.relative_to(root).parts]
    return "/".join(unshifted(part) for part in parts if part)


def unshifted(name: str) -> str:
    """IMAP's own UTF-7 (RFC 3501 section 5.1.3) as text; left alone where it is none."""

    def read(shifted: re.Match[str]) -> str:
        if not shifted[1]:
            return "&"
        try:
            return f"+{shifted[1].replace(',', '/')}-".encode("ascii").decode("utf-7")
        except UnicodeError:
            return shifted[0]

    return SHIFTED.sub(read, name)


def marks_of(path: PurePath, name: str) -> Marks:
    """What a file's name and folder say about its message."""
    in_folder = labels.from_folder(name.rpartition("/")[2])
    in_folder = Marks((name,) if name else (), in_folder.meanings)
    if path.parent.name == "new":
        return Marks(unread=True, starred=False).over(in_folder)
    flags = FLAGS.search(path.name)
    return (labels.from_maildir(flags[1]) if flags else Marks()).over(in_folder)


def messages(maildir: Path) -> Iterator[Path | Refusal]:
    for part in ("cur", "new"):
        if (maildir / part).is_dir():
            yield from folder.files(maildir / part)


def read_maildir(root: Path) -> Iterator[Read]:
    """Every message of every folder. Raises OSError where `root` can't be read."""
    next(root.iterdir(), None)  # the folder itself must be readable; below it each loss is a Refusal
    found = list(maildirs(root))
    total = sum(folder.size_of(path) for one in found for path in messages(one) if isinstance(path, Path))
    done = 0
    for one in found:
        name = folder_name(one, root)
        for path in messages(one):
            if isinstance(path, Refusal):
                yield Read(path, path.what, Progress(done, total))
                continue
            done += folder.size_of(path)
            yield read_one(path, root, name, Progress(done, total))


def read_one(path: Path, root: Path, name: str, progress: Progress) -> Read:
    place = folder.inside(path, root)
    try:
        return read_message(file_entry(path, place), marks_of(path, name), progress)
    except OSError as error:
        return Read(folder.unopened(place, error), place, progress)


def read_message(file: Entry, marks: Marks, progress: Progress) -> Read:
    """Raises nothing: what can't be read is a Refusal."""
    try:
        if not file.size:
            return Read(Refusal(file.name, "The file is empty."), file.name, progress)
        return folder.read_message_file(file, progress, marks)
    except (OSError, Damaged) as error:
        return Read(folder.unopened(file.name, error), file.name, progress)


def packed_messages(tree: Tree) -> dict[PurePosixPath, list[Entry]]:
    """The messages of each maildir in an archive. An archive need not hold empty folders, so that `new` alone or `cur`
    alone is taken for one where its files bear flags."""
    found: dict[PurePosixPath, dict[str, list[Entry]]] = {}
    for entry in tree.entries:
        path = PurePosixPath(entry.name)
        if path.parent.name in ("cur", "new"):
            found.setdefault(path.parent.parent, {}).setdefault(path.parent.name, []).append(entry)
    return {
        place: [entry for part in ("cur", "new") for entry in parts.get(part, ())]
        for place, parts in sorted(found.items())
        if len(parts) == 2 or any(FLAGS.search(entry.name) for entry in parts.get("cur", ()))
    }


def read_archive(path: Path) -> Iterator[Read]:
    """Every message of the maildirs in an archive; other files in it are refused. Raises OSError."""
    with opened(path) as tree:
        found = packed_messages(tree)
        ours = {entry.name for entries in found.values() for entry in entries}
        others = [Refusal(entry.name, "It is in no maildir.") for entry in tree.entries if entry.name not in ours]
        for refusal in (*tree.refusals, *others):
            yield Read(refusal, refusal.what, Progress(0, tree.total))
        root = PurePosixPath(os.path.commonpath(found) if found else "")
        done = 0
        for place, entries in found.items():
            name = folder_name(place, root)
            for entry in entries:
                done += entry.size
                yield read_message(entry, marks_of(PurePosixPath(entry.name), name), Progress(done, tree.total))


def is_packed_maildir(path: Path) -> bool:
    """Whether `path` is an archive with a maildir in it, and mail in that. Raises nothing."""
    try:
        if not path.is_file() or not holds_archive(path):
            return False
        with opened(path, GLANCED_AT) as tree:
            looked = [entry for entries in packed_messages(tree).values() for entry in entries[:3]][: folder.LOOKED_AT]
            return any(folder.sort_of_entry(entry) for entry in looked)
    except OSError:
        return False
