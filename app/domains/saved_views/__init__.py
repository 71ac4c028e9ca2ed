"""Saved views: ways to look at the queue that people come back to, of their own or shared with all."""
