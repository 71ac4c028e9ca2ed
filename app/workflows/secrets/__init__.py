"""Secrets at rest: the key, settings that are stored encrypted, and encrypting everything anew with another key."""
