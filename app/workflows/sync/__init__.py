"""Pulling work from services: what is due, one pull from its beginning to its end, and what people ask for by hand."""
