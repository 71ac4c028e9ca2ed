"""How the queue and the pulls went over the last days."""
