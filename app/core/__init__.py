"""Errors, database, web and log plumbing: no domain words in here."""
