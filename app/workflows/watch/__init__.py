"""Watching how everything stands: who lives, which level each part has, and what its tasks say of it."""
