"""One target of the fuzzer, in a process of its own: `python -m scripts.fuzzing.target NAME CORPUS [options]`.

What a reader may do with a file is what app.integrations.contract says: yield items and refusals, or raise OSError or
Unrecognised. Anything else is a crash; libFuzzer's own limits tell of a hang and of too much memory.
"""

import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["app.integrations", "app.domains.reading"]):
    from app.domains import reading
    from app.integrations import registry
    from app.integrations.contract import Manifest, Options
from app.records import Item
from scripts.fuzzing import seeds

_MOST_ITEMS = 2_000
_FOLDER = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 - made anew below


def main() -> None:
    target, corpus, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="watchfloor-fuzz.", dir=_FOLDER) as name:
        one = Target(target, Path(name))
        atheris.Setup([sys.argv[0], corpus, *options], one)
        atheris.Fuzz()


class Target:
    """Reads what the fuzzer makes, as an import would."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder

    def __call__(self, data: bytes) -> None:
        for file, content in self._files(data):
            path = self._folder / file
            path.write_bytes(content)
            self._read(path)

    def _files(self, data: bytes) -> list[tuple[str, bytes]]:
        if self._name == "mail":
            return [("inbox.mbox", data)]
        if self._name == "tables":
            text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
            return [("table.json" if text[:1] in (b"[", b"{") else "table.csv", data)]
        if self._name == "zip":
            return [("export.zip", data)]
        return [("export.zip", seeds.packed(seeds.split(data)))]

    def _read(self, path: Path) -> None:
        try:
            manifest = registry.recognise(path)
        except (registry.Unrecognised, OSError):
            return
        options = Options()
        _through(manifest, path, options)
        if manifest.tables is not None:
            try:
                manifest.tables(path, options)
            except OSError:
                return


def _through(manifest: Manifest, path: Path, options: Options) -> None:
    try:
        for step in islice(manifest.reader.read(path, options), _MOST_ITEMS):
            what: Any = step.what
            if isinstance(what, Item):
                hash(what)
                reading.read(
                    reading.Text(text=what.text, subject=what.subject, sent_at=what.sent_at, our_names=("Ann",))
                )
    except OSError:
        return


if __name__ == "__main__":
    main()
