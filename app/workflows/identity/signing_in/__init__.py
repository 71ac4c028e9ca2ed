"""Signing in by password, signing out, and what people change about their own sign-in."""
