"""A stand-in for Composio: a real HTTP server for tests and development, with faults on demand (docs/fake-composio.md).

No part of the app: it imports nothing of it, and nothing of the app imports it.
"""
