"""Connecting accounts: links that people follow, the account that then is pulled, and access that is given back."""
