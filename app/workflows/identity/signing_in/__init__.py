"""Signing in by password, signing out, and one's own account and sessions."""
