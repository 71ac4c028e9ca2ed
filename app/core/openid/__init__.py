"""OpenID Connect, as a client of one provider: where to send a browser, and who it was that came back.

Sources: OpenID Connect Core 1.0 and Discovery 1.0; RFC 6749 and 7636 (PKCE); RFC 9207 (which provider answers); RFC
9700 (what has gone wrong with OAuth, and what helps).
"""

from app.core.openid.id_token import NotTrusted
from app.core.openid.provider import Client, Person, Provider

__all__ = ["Client", "NotTrusted", "Person", "Provider"]
