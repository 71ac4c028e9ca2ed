"""The sample company: its story, the export files that are made of it, and how it comes into the database and goes."""
