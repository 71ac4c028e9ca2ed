"""Health: is it alive, can it serve, and which part can't be trusted."""
