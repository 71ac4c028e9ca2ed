"""Every secret that the settings hold, for whoever has to keep it out of what is said."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from pydantic import SecretStr

from app.settings.keys import earlier_keys, given_key
from app.settings.known import Known

_ADDRESSES = ("database_url", "rate_limit_store")
"""Of them the password alone is secret."""


def secrets_of(settings: Known) -> Iterator[str]:
    """Those that are not empty; of a key that may be several, each."""
    yield given_key(settings)
    yield from earlier_keys(settings)
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in _ADDRESSES:
            yield from _password(value.get_secret_value())
        elif isinstance(value, SecretStr):
            yield from (part.strip() for part in value.get_secret_value().split(","))


def _password(address: str) -> Iterator[str]:
    """As drivers take it, which is more than a browser would: all up to the first @."""
    if found := re.match(r"[^:]+://[^:/]*:([^@]+)@", address):
        yield found[1]
        yield unquote(found[1])
    for name, value in parse_qsl(address.partition("?")[2]):
        if "password" in name.lower():
            yield value
