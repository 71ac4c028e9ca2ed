"""Programs for those who work on Watchfloor; nothing in app/ imports them."""
