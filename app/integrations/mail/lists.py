"""Mailing lists that people talk on, told from those that only send.

List headers alone prove neither: newsletters carry List-Id too. What proves a discussion is that it can be posted
to, the software that runs it, or a person's own mail program behind it. Sources: RFC 2369, RFC 2919.
"""

import re

from app.integrations.mail.headers import Headers

PERSONAL_MAILER = re.compile(
    r"outlook(?! web)|thunderbird|mozilla|apple mail|iphone mail|mutt|evolution|eudora|\bpine\b|alpine"
    r"|kmail|gnus|sylpheed"
    r"|claws|the bat|roundcube|squirrelmail|becky|geary|mailspring|microsoft-macoutlook|pegasus",
    re.IGNORECASE,
)
LIST_SOFTWARE = re.compile(
    r"mailman|ezmlm|majordomo|listar|ecartis|smartlist|sympa|listserv|egroups|yahoo|googlegroups|minimalist"
)
LIST_HEADERS = (
    "x-mailman-version",
    "x-beenthere",
    "x-loop",
    "mailing-list",
    "x-mailing-list",
    "x-listprocessor-version",
)
ANNOUNCE = re.compile(
    r"announce|newsletter|news-?letter|\bnews\b|digest|commits?\b|\bcvs\b|\bbugs?\b|alerts?\b"
    r"|security-updates"
)
MACHINE_LIST = re.compile(r"commits?\b|\bcvs\b|[-.]cvs|\bsvn|\bbugs?\b|builds?\b|checkins?\b")


def discussion_list(headers: Headers) -> str:
    """The name of the discussion list a message came through, "" where there is none."""
    post = headers.get("list-post")
    posting = bool(post) and not post.lower().startswith("no")
    software = any(name in headers for name in LIST_HEADERS) or LIST_SOFTWARE.search(
        f"{headers.get('list-unsubscribe')} {headers.get('list-help')} {headers.get('x-list-processor')}".lower()
    )
    return list_name(headers) if posting or software or passes_people_on(headers) else ""


def passes_people_on(headers: Headers) -> bool:
    """A list that only says how to leave, with a person's mail program behind it and another sender than itself."""
    leave = headers.get("list-unsubscribe").lower()
    if not leave or not PERSONAL_MAILER.search(headers.get("x-mailer") or headers.get("user-agent")):
        return False
    domain = headers.get("from").rpartition("@")[2].strip(" >\"'").lower()
    return bool(domain) and domain not in leave and domain not in headers.get("return-path").lower()


def list_name(headers: Headers) -> str:
    named = re.search(r"<([^<>@\s]{3,200})>", headers.get("list-id"))
    if named:
        return named[1].lower()
    for name in (
        "list-post",
        "x-beenthere",
        "mailing-list",
        "x-mailing-list",
        "x-loop",
        "list-id",
        "list-unsubscribe",
    ):
        if found := re.search(r"[^\s<>:;,\"]+@[^\s<>:;,?\"]+", headers.get(name)):
            return found[0].lower()
    return headers.get("list-id")[:200].lower()
