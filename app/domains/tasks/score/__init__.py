"""Scores of tasks as the API and the command line show them."""
