"""What kinds share for reading exports: trees of files and archives, charsets, HTML, columns and dates.

Knows no kind, no database and no network.
"""
