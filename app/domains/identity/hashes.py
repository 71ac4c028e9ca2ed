"""What is kept of random tokens: so many random bits need no salt and no slow hash. Passwords are hashed elsewhere
(app.domains.identity.passwords)."""

import hashlib


def hashed(token: str) -> str:
    """Its SHA-256, 64 characters."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
