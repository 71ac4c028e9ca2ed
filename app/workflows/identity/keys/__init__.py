"""API keys and the short-lived tokens that they are exchanged for, over HTTP."""
