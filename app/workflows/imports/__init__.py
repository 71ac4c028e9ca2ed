"""Accepting imports, and showing and correcting beforehand what a table's columns are taken to mean."""
