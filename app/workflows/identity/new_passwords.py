"""A password that somebody chose: checked and hashed before any transaction, as the hash takes a tenth of a second."""

from app.domains.identity import passwords
from app.settings import Settings


async def hashed(settings: Settings, password: str, *, email: str, field: str = "body.password") -> str:
    """What is stored of it (app.domains.identity.users). Raises Invalid; Unavailable where too many wait."""
    passwords.check(password, shortest=settings.password_shortest, email=email, field=field)
    return await passwords.hashed(password)
