"""Other ways in than a password: links that work once, mail that brings one, and another service's word."""
