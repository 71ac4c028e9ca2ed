"""What the fuzzer begins with: a small sound export of each form, and words that mean something in it.

An archive is written as its files, each behind a line `>>>> name`, so that what changes is what the files say and not
the checksums around them.
"""

import io
import json
import zipfile
from collections.abc import Mapping

MARK = b">>>> "

_MAIL = b"""From ann@example.org Mon Mar  2 08:00:00 2026
From: =?utf-8?q?Ann_B=C3=B8e?= <ann@example.org>
To: support@example.com, "Desk, the" <desk@example.com>
Subject: =?utf-8?B?UmU6IHVyZ2VudA==?= server down
Date: Mon, 02 Mar 2026 08:00:00 +0100 (CET)
Message-ID: <1@example.org>
In-Reply-To: <0@example.org>
References: <a@example.org> <0@example.org>
List-Id: Ops <ops.example.org>
X-Gmail-Labels: Inbox,=?UTF-8?Q?Wichtig?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: multipart/alternative; boundary=b2

--b2
Content-Type: text/plain; charset=iso-8859-1; format=flowed
Content-Transfer-Encoding: quoted-printable

Could you look at this by Friday 5pm, please? It is =FCrgent. >From here
On Mon, 2 Mar 2026, Ben wrote:
> quoted
--=20
Ann
--b2
Content-Type: text/html; charset=utf-8

<html><body><p>Pay <b>EUR 1.200,50</b> until 3/4/2026</p><blockquote>old</blockquote><img src="cid:x"></body></html>
--b2--
--b1
Content-Type: application/pdf; name*0*=utf-8''in%E2%82%AC; name*1=voice.pdf
Content-Disposition: attachment; filename="invoice.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b1
Content-Type: message/rfc822

From: x@y.example
Subject: inner

inside
--b1--

From ben@example.org Tue Mar  3 08:00:00 2026
From: ben@example.org
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-7

Out of office until 2026-03-09
"""
_SLACK: Mapping[str, object] = {
    "channels.json": [{"id": "C0AAAAAA1", "name": "general", "created": 1770000000, "members": ["U0AAAAAA1"]}],
    "users.json": [
        {"id": "U0AAAAAA1", "name": "ann", "profile": {"real_name": "Ann", "email": "ann@example.org"}, "tz_offset": 0},
        {"id": "U0AAAAAA2", "name": "ben", "profile": {"display_name": "Ben"}, "is_bot": False},
    ],
    "general/2026-03-02.json": [
        {
            "type": "message",
            "user": "U0AAAAAA2",
            "ts": "1772438400.000100",
            "thread_ts": "1772438400.000100",
            "text": "<@U0AAAAAA1> can you *restart* <https://x.example|it> by Friday? &lt;now&gt; ```code```",
            "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                {"type": "text", "text": "hi"}, {"type": "user", "user_id": "U0AAAAAA1"}]}]}],
            "files": [{"id": "F1", "name": "a.png", "size": 3, "mimetype": "image/png"}],
            "reactions": [{"name": "eyes", "users": ["U0AAAAAA1"], "count": 1}],
        },
        {"type": "message", "subtype": "bot_message", "bot_id": "B1", "ts": "1772438401.000100", "text": "deployed",
         "attachments": [{"fallback": "f", "fields": [{"title": "t", "value": "v"}]}]},
    ],
}  # fmt: skip
_ID = "0123456789abcdef0123456789abcdef"
_NOTION: Mapping[str, object] = {
    f"Work {_ID}.csv": '\ufeffName,Status,Due,Assign,Tags\nFix it,In progress,"March 4, 2026 5:00 PM",Ann,"a, b"\n',
    f"Work {_ID}/Fix it {_ID}.md": "# Fix it\n\nStatus: In progress\nDue: March 4, 2026\n\n- [ ] do\n\n| a |\n|---|\n",
    f"Page {_ID}.html": f'<html><body><article id="{_ID[:8]}-{_ID[8:12]}-{_ID[12:16]}-{_ID[16:20]}-{_ID[20:]}" '
    'class="page"><header><h1 class="page-title">P</h1></header><div class="page-body"><table class="properties">'
    "<tr><th>Status</th><td>Done</td></tr></table><p>text</p></div></article></body></html>",
}  # fmt: skip
_API = {
    "object": "list",
    "results": [
        {
            "object": "page",
            "id": _ID,
            "created_time": "2026-03-02T08:00:00.000Z",
            "last_edited_time": "2026-03-02T08:00:00.000Z",
            "properties": {
                "Name": {"id": "title", "type": "title", "title": [{"plain_text": "Fix", "type": "text"}]},
                "Due": {"id": "a", "type": "date", "date": {"start": "2026-03-04", "end": None}},
                "Status": {"id": "b", "type": "status", "status": {"name": "Done", "color": "green"}},
            },
            "url": f"https://www.notion.so/{_ID}",
        }
    ],
    "has_more": False,
}
_TABLES = (
    b'title;status;due;owner;labels\nFix it;open;04.03.2026;Ann;"a, b"\n'
    b'"Say ""hi""\nthere";done;2026-03-05T10:00:00Z;;\n',
    b"TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n"
    b"task,Call,,4,1,Ann,,every day at 9,en,UTC\n",
    b"\xff\xfet\x00i\x00t\x00l\x00e\x00,\x00d\x00u\x00e\x00\n\x00a\x00,\x001\x00/\x002\x00/\x002\x006\x00\n\x00",
    json.dumps([{"title": "Fix", "due": "2026-03-04", "tags": ["a"], "nested": {"deep": [1, None, True]}}]).encode(),
    b'{"title": "a", "id": 1}\n{"title": "b", "id": 2, "depends_on": [1]}\n',
    json.dumps(
        [{"uuid": _ID, "description": "Fix", "status": "pending", "entry": "20260302T080000Z", "urgency": 8.1}]
    ).encode(),
    json.dumps(_API).encode(),
)

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "mail": (_MAIL, b"Subject: alone\n\nhi\n"),
    "tables": _TABLES,
    "slack": (),
    "notion": (),
    "zip": (),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "mail": ("\\x0aFrom ", "=?utf-8?q?", "?=", "boundary=", "Content-Type: ", "multipart/mixed", "message/rfc822",
             "base64", "quoted-printable", "Date: ", "References: ", "utf-7", "charset=", "<blockquote>", "tomorrow"),
    "tables": ("\\x22\\x22", ",", ";", "\\x09", "title", "due", "status", "{", "[", "1e999", "\\\\ud800", "9999-12-31"),
    "slack": (">>>> ", "thread_ts", "ts", "rich_text", "elements", "<@U", "<!date^", "1e999", "null"),
    "notion": (">>>> ", "<table", "class=", "| ", "- [ ] ", "properties", "rich_text", "rollup", "null"),
    "zip": ("PK\\x03\\x04", "PK\\x01\\x02", "PK\\x05\\x06", "../", "PK\\x06\\x06"),
}  # fmt: skip
"""In the form of libFuzzer's dictionaries."""


def of(target: str) -> tuple[bytes, ...]:
    """The seeds of one target."""
    if target == "slack":
        return (written(_SLACK),)
    if target == "notion":
        return (written(_NOTION),)
    if target == "zip":
        return (packed(split(written(_SLACK))), packed({"a.mbox": _MAIL, "../up.csv": _TABLES[0]}))
    return SEEDS[target]


def written(files: Mapping[str, object]) -> bytes:
    """Files as one text that the fuzzer can change."""
    parts = (
        MARK + name.encode() + b"\n" + (content.encode() if isinstance(content, str) else json.dumps(content).encode())
        for name, content in files.items()
    )
    return b"\n".join(parts)


def split(data: bytes) -> dict[str, bytes]:
    """The files that such a text holds."""
    files: dict[str, bytes] = {}
    for part in data.split(MARK)[1:60]:
        name, _, content = part.partition(b"\n")
        files[name[:200].decode("utf-8", "replace").replace("\x00", "")] = content
    return files


def packed(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name or "_"), content)
    return target.getvalue()
