"""Users, their sessions, what they show to be let in, API keys, and roles."""
