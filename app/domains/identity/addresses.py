"""E-mail addresses of users: how one is written down, so that nobody has two accounts by spelling theirs anew."""

import re

from app.core.errors import FieldError, Invalid

LONGEST = 254
"""In characters: no mail server takes a longer one (RFC 5321, 4.5.3.1.3)."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
"""As browsers check it (https://html.spec.whatwg.org/#valid-e-mail-address), and dots only between other characters, as
mail has them (RFC 5322, 3.2.3): `a..b@example.org` could be stored, and no mail be sent there."""


def spelled(email: str) -> str:
    """Without spaces around it, in small letters: for looking somebody up. One with letters beyond ASCII stays as it
    is: folded, «ſ» would be an s, and the address somebody else's."""
    return email.strip().lower() if email.isascii() else email


def checked(email: str) -> str:
    """The same, of one that may be stored. Raises Invalid.

    Letters beyond ASCII are refused: two addresses that look alike must not be two people, or fold into one.
    """
    found = spelled(email)
    if len(found) > LONGEST or not email.isascii() or not _ADDRESS.fullmatch(found):
        detail = "This is no e-mail address as we take it: name@example.com, in letters from a to z."
        raise Invalid(detail, errors=[FieldError("body.email", "is no e-mail address")])
    return found
