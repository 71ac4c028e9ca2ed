"""Requests made from the API's own description, sent by every role: `scripts/soak api`."""
