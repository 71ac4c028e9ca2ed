"""What pure ASGI middleware shares: reading a header."""

from starlette.types import Scope


def header(scope: Scope, name: str) -> str | None:
    """The first header of that name."""
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted), None)


def headers(scope: Scope, name: str) -> list[str]:
    """Every header of that name: some must come only once."""
    wanted = name.lower().encode()
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted]
