"""Signing in, recognising who asks, and managing people and keys."""
