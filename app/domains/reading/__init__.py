"""What a text says: pure functions from one message's words to facts with quotes.

The public face is here: `read(Text(...)) -> Reading`, `to_json`, `from_json`. How the tables are read, extended
and measured: docs/facts-from-text.md.
"""

from app.domains.reading.read import read
from app.domains.reading.storage import from_json, to_json
from app.domains.reading.text import Reading, Text, TextFact

__all__ = ["Reading", "Text", "TextFact", "from_json", "read", "to_json"]
