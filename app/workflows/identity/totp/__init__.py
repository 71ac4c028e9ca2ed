"""Codes of an authenticator app beside the password: switched on and off by their owner."""
