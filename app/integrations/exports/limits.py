"""How much of an export is read at most. What lies beyond is refused in words, never read halfway in silence."""

MOST_ENTRIES = 200_000
"""Files in one export, over all archives in it: a Slack workspace of ten years has some 50,000. Each costs about a
kilobyte of memory."""
MOST_REFUSALS = 5_000
"""Files left out of one export that are named one by one; the others are counted."""
MOST_HANDLES = 64
"""Archives in a folder that stay open while it is read; of further ones the file is opened for each piece."""
MOST_LOOKED_AT = 1_000_000
"""Files and folders met while a folder is walked, the skipped ones too, so that the walk ends."""
MOST_TOTAL = 20 * 1024**3
"""Bytes that may come out of one export's archives: ten times the largest mailbox that Google Takeout puts in one
part. Also what is written to temporary files at most."""
MOST_READ = 64 * 1024**2
"""Bytes that are held in memory for one file, unless a reader asks for another bound."""
MOST_DIRECTORY = 128 * 1024**2
"""Bytes of an archive's directory: 200,000 names of 600 bytes."""
RATIO_FROM = 8 * 1024**2
"""Bytes that a file may unpack to before its compression is judged: small files may well be packed 1000 : 1."""
MOST_RATIO = 250
"""Unpacked bytes for each packed one over the file so far. Logs and JSON reach 50, deflate can't exceed 1032."""
MOST_DEPTH = 3
"""Archives in archives: Notion needs 2, and somebody who packs that once more 3."""
MOST_NAME = 1000
"""Characters of a name inside the export."""
MOST_FOLDERS = 40
"""Folders in folders."""
