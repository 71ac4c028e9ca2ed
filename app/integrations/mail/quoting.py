"""New text, quoted history and signature told apart.

Pure. Line by line: what stands between quotations stays new (inline replies), what follows a mark that repeats a
whole message is quoted to the end, and each stretch of new text loses its signature and list footer.
The phrases of each language stand in phrases.py.
"""

import re
from dataclasses import dataclass

from app.integrations.mail import phrases

MOST_LINES = 20_000

QUOTED = re.compile(r"\s{0,3}(?:>|\|\s|[A-Za-z]{1,3}>)")
DELIMITER = re.compile(r"--\s?\Z|—\Z")
RULE = re.compile(r"\s*[-_=*~]{5,}.{0,80}?\s*\Z")


@dataclass(frozen=True, slots=True)
class Split:
    """A message's text in its three kinds."""

    text: str
    quoted: str = ""
    signature: str = ""


def split(text: str) -> Split:
    """`text` by kind. A message that only passes another on keeps that one as its text."""
    lines = text.split("\n")
    lines, rest = lines[:MOST_LINES], lines[MOST_LINES:]
    kinds, forwarded_at = classify(lines)
    signatures(lines, kinds)
    new, quoted, signature = (gather(lines, kinds, kind) for kind in "nqs")
    if not new and forwarded_at is not None:
        kinds[forwarded_at:] = passed_on(lines[forwarded_at:])
        signatures(lines, kinds)
        new, quoted, signature = (gather(lines, kinds, kind) for kind in "nqs")
    return Split("\n".join([new, *rest]).strip("\n"), quoted, signature)


def passed_on(lines: list[str]) -> list[str]:
    """The kinds of a message that is passed on without a word: its text counts as new, what it quotes does not."""
    kinds = ["q" if QUOTED.match(line) else "n" for line in lines]
    return (
        kinds
        if any(kind == "n" and line.strip() for kind, line in zip(kinds, lines, strict=True))
        else ["n"] * len(lines)
    )


def gather(lines: list[str], kinds: list[str], kind: str) -> str:
    """The lines of one kind; where others stood between them, an empty line stands now."""
    out: list[str] = []
    for line, its_kind in zip(lines, kinds, strict=True):
        if its_kind == kind:
            out.append(line.rstrip())
        elif out and out[-1]:
            out.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")


def classify(lines: list[str]) -> tuple[list[str], int | None]:
    """n or q for each line, and where a message repeated as a whole begins."""
    kinds = ["n"] * len(lines)
    forwarded_at: int | None = None
    index = 0
    while index < len(lines):
        if QUOTED.match(lines[index]):
            kinds[index] = "q"
            index += 1
            continue
        head, whole = heading(lines, index)
        if head and whole:
            kinds[index:] = "q" * (len(lines) - index)
            forwarded_at = index
            break
        kinds[index : index + head] = "q" * head
        index += head or 1
    return kinds, forwarded_at


def heading(lines: list[str], index: int) -> tuple[int, bool]:
    """How many lines at `index` introduce a quotation, and whether all that follows is quoted."""
    line = lines[index].strip()
    if not line or len(line) > 400:
        return 0, False
    if size := message_head(lines, index):
        return size, not follows_quoted(lines, index + size)
    if size := attribution(lines, index):
        after_quoted = follows_quoted(lines, index + size)
        if after_quoted:
            return size, False
        strong = phrases.ATTRIBUTION_START.match(line) is not None and re.search(r"\d", line)
        none_marked = not any(QUOTED.match(later) for later in lines[index + size : index + 500])
        whole = bool(strong) and none_marked and any(later.strip() for later in lines[index + size :])
        return (size, True) if whole else (size if strong else 0, False)
    return 0, False


def follows_quoted(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 4] if line.strip()), "")
    return QUOTED.match(following) is not None


def message_head(lines: list[str], index: int) -> int:
    """Lines of a mark like «-----Original Message-----», of the header block Outlook writes, or of both."""
    line = lines[index].strip()
    marked = phrases.REPEATED.match(line) is not None
    after = index + 1
    if marked or re.fullmatch(r"[_-]{10,}", line):
        while after < len(lines) and after < index + 3 and not lines[after].strip():
            after += 1
        block = header_block(lines, after)
        return after + block - index if block else (after - index if marked else 0)
    return header_block(lines, index)


def header_block(lines: list[str], index: int) -> int:
    """Lines of «From: … Sent: … To: … Subject: …» at `index`, 0 where there is no such block."""
    if index >= len(lines) or not phrases.BLOCK_FROM.match(lines[index].strip()):
        return 0
    names = last = 0
    for at in range(index + 1, min(len(lines), index + 12)):
        line = lines[at].strip()
        if phrases.BLOCK_NAME.match(line):
            names, last = names + 1, at
        elif not line and names:
            break
    return last - index + 1 if names >= 2 else 0


def attribution(lines: list[str], index: int) -> int:
    """Lines of «On … Ada wrote:» at `index`, perhaps folded over three; 0 where there is none."""
    joined = ""
    for size in range(1, 4):
        if index + size > len(lines):
            return 0
        line = lines[index + size - 1].strip()
        if not line or QUOTED.match(lines[index + size - 1]):
            return 0
        joined = f"{joined} {line}".strip()
        if joined.rstrip("*").rstrip().endswith((":", ":")) and phrases.ATTRIBUTION_END.search(joined):
            begins = size == 1 or phrases.ATTRIBUTION_START.match(joined) or not follows_sentence(joined)
            return size if begins and len(joined) < 400 else 0
    return 0


def follows_sentence(joined: str) -> bool:
    """Whether a sentence ends inside, so that the first lines are text and not the start of an attribution."""
    return re.search(r"[.!?]\s+[A-Z]", joined) is not None


def signatures(lines: list[str], kinds: list[str]) -> None:
    """Marks as s, in each stretch of new lines, its signature, its footers and phone signatures."""
    start = 0
    while start < len(lines):
        if kinds[start] != "n":
            start += 1
            continue
        end = start
        while end < len(lines) and kinds[end] == "n":
            end += 1
        begin = signature_start(lines, start, end)
        kinds[begin:end] = "s" * (end - begin)
        for at in range(start, begin):
            bare_footer = begin - at <= 4 and phrases.LIST_PAGE.match(lines[at].strip())
            if bare_footer or phrases.PHONE_SIGNATURE.match(lines[at].strip()):
                kinds[at] = "s"
        start = end


def signature_start(lines: list[str], start: int, end: int) -> int:
    """Where the signature or footer of this stretch begins; `end` where it has none."""
    for at in range(start, end):
        line = lines[at]
        if DELIMITER.match(line) and (line.startswith("-- ") or end - at <= 15):
            return at
        if RULE.match(line) and is_list_footer(lines, at, end):
            return at
        if end - at <= 60 and starts_notice(lines, at):
            return at
    return end


def is_list_footer(lines: list[str], at: int, end: int) -> bool:
    """A rule, and within a few lines what a list manager adds."""
    if phrases.FOOTER_RULE.search(lines[at]):
        return True
    if at and end - at <= 6 and re.fullmatch(r"_{20,}", lines[at].strip()):
        return True  # the advertisement of a free mail service
    following = "\n".join(lines[at + 1 : min(end, at + 7)])
    return end - at <= 30 and phrases.LIST_FOOTER.search(following) is not None


def starts_notice(lines: list[str], at: int) -> bool:
    """The confidentiality notice that companies add: a paragraph, begun in one of the usual ways."""
    if at and lines[at - 1].strip():
        return False
    paragraph = " ".join(line.strip() for line in lines[at : at + 5])
    return phrases.NOTICE.match(paragraph) is not None
