"""What hangs on a message: files, and the «attachments» with which apps speak and links are previewed."""

from app.integrations.exports.html_text import to_text
from app.integrations.slack.blocks import joined, read_blocks
from app.integrations.slack.directory import Directory
from app.integrations.slack.mrkdwn import inline, written
from app.integrations.slack.values import Object, first_text, inner, objects, text, texts, whole
from app.records import Attachment

PREVIEW = ("from_url", "original_url", "app_unfurl_url", "service_name")
SHARED = ("is_msg_unfurl", "is_share", "is_reply_unfurl", "is_thread_root_unfurl", "is_app_unfurl")
GONE = {
    "tombstone": "(deleted file)",
    "hidden_by_limit": "(file hidden by the workspace's limit)",
}
UNSEEN = "(file that the export does not show)"
MOST_PREVIEW = 20_000


def files_of(message: Object) -> list[Object]:
    """The files of a message in their new shape and the two old ones, each once."""
    found = [*objects(message.get("files")), *objects([message.get("file")])]
    return list({first_text(file, "id") or str(at): file for at, file in enumerate(found)}.values())


def attachments(message: Object) -> tuple[Attachment, ...]:
    files = files_of(message)
    named = {first_text(file, "id") for file in files}
    unnamed = [each for each in texts(message.get("x_files")) if each not in named]
    return (*(attachment(file) for file in files), *(Attachment(UNSEEN, "", 0) for _ in unnamed))


def attachment(file: Object) -> Attachment:
    name = first_text(file, "name", "title") or GONE.get(text(file.get("mode")), UNSEEN)
    return Attachment(name, first_text(file, "mimetype").lower(), max(whole(file.get("size")) or 0, 0))


def shown_in_files(message: Object) -> str:
    """What the export holds of the files' own text: a forwarded mail, the beginning of a snippet."""
    return joined([readable(first_text(file, "plain_text", "preview")[:MOST_PREVIEW]) for file in files_of(message)])


def readable(shown: str) -> str:
    """Slack's own documents («posts») are kept as HTML."""
    return to_text(shown, []) if shown.startswith(("<document", "<html", "<!DOCTYPE")) else shown


def titles(message: Object) -> str:
    """What its author called the files, where that is not just the file's name."""
    named = [(first_text(file, "title"), first_text(file, "name")) for file in files_of(message)]
    return joined([title for title, name in named if title not in ("", name, "Untitled")])


def is_preview(attachment: Object) -> bool:
    """Whether it shows what a link leads to: another's words, not those of the message's author."""
    return any(attachment.get(name) for name in (*PREVIEW, *SHARED))


def spoken(message: Object, names: Directory) -> str:
    """What an app says in attachments instead of text; their fallback only where it says nothing else."""
    own = [each for each in objects(message.get("attachments")) if not is_preview(each)]
    parts = list(dict.fromkeys(said(each, names) for each in own))
    return joined(parts) or joined([inline(first_text(each, "fallback"), names) for each in own])


def previewed(message: Object, names: Directory) -> str:
    """What links in the message lead to, as Slack shows it."""
    shown = [each for each in objects(message.get("attachments")) if is_preview(each)]
    return joined([joined([source_of(each, names), body]) for each in shown if (body := said(each, names))])


def source_of(attachment: Object, names: Directory) -> str:
    """«Ada Lovelace in #general:» or the name of the site."""
    author = first_text(attachment, "author_name", "service_name")
    place = first_text(attachment, "channel_name")
    where = f" in #{place}" if place and attachment.get("is_msg_unfurl") else ""
    return f"{inline(author, names)}{where}:" if author else ""


def said(attachment: Object, names: Directory) -> str:
    if blocks := attachment.get("blocks") or attachment.get("message_blocks"):
        body = read_blocks(flattened(blocks), names)
        if body.text:
            return joined([body.text, body.quoted])
    parts = [first_text(attachment, name) for name in ("pretext", "title")]
    body = written(text(attachment.get("text")), names)
    lines = [*(inline(part, names) for part in parts), body.text, body.quoted]
    lines += [field_line(field, names) for field in objects(attachment.get("fields"))]
    return joined(lines)


def flattened(blocks: object) -> list[Object]:
    """Blocks of a shared message stand one step deeper: [{message: {blocks: [...]}}]."""
    found: list[Object] = []
    for block in objects(blocks):
        nested = objects(inner(block, "message").get("blocks"))
        found += nested or [block]
    return found


def field_line(field: Object, names: Directory) -> str:
    title, value = (inline(first_text(field, name), names) for name in ("title", "value"))
    return f"{title}: {value}" if title and value else title or value
