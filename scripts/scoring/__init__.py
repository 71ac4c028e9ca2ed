"""Weighs the scorecards of app/domains/reading on texts that people labelled, and proposes points for their rows."""
