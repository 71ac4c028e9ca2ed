"""Telling sources what people did: sending.py takes what is due from the outbox, one.py carries out one write."""
