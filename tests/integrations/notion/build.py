"""Exports in the shapes Notion gives them, written for these tests."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.integrations.contract import Options
from app.integrations.notion import MANIFEST
from app.records import Item, Read, Refusal, Work

AT = (2026, 3, 4, 10, 0, 0)
"""A Wednesday."""


def own(name: str) -> str:
    """An id for what the test calls `name`."""
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def dashed(name: str) -> str:
    key = own(name)
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def packed(files: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, AT), content)
    return target.getvalue()


def export(root: Path, *parts: Mapping[str, str | bytes]) -> Path:
    """A zip in a zip, as Notion offers it for download."""
    path = root / "export.zip"
    inner = {f"Export-{dashed('export')}-Part-{number}.zip": packed(part) for number, part in enumerate(parts, 1)}
    path.write_bytes(packed(inner))
    return path


def api(root: Path, document: Any, name: str = "answer.json") -> Path:
    path = root / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def read(path: Path, options: Options | None = None) -> list[Read]:
    return list(MANIFEST.reader.read(path, options or Options()))


def items(path: Path, options: Options | None = None) -> list[Item]:
    return [step.what for step in read(path, options) if isinstance(step.what, Item)]


def refusals(path: Path) -> list[Refusal]:
    return [step.what for step in read(path) if isinstance(step.what, Refusal)]


def by_subject(path: Path, options: Options | None = None) -> dict[str, Item]:
    return {item.subject: item for item in items(path, options)}


def work(item: Item) -> Work:
    assert item.work is not None
    return item.work


def words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": text, "link": None}, "plain_text": text, "href": None}]


def value(sort: str, inner: Any, **more: Any) -> dict[str, Any]:
    """A property value of the API."""
    return {"id": "a%3Ab", "type": sort, sort: inner, **more}


def user(name: str, address: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {"object": "user", "id": dashed(name), "name": name, "type": "person", "avatar_url": None}
    return said | {"person": {"email": address}} if address else said


def page(
    title: str, properties: Mapping[str, Any] | None = None, *, table: str = "", edited: str = "", **more: Any
) -> dict[str, Any]:
    """A page of the API; with `table`, a row of that data source."""
    parent = {"type": "data_source_id", "data_source_id": dashed(table)} if table else {"type": "workspace"}
    return {
        "object": "page",
        "id": dashed(title),
        "created_time": "2026-03-01T09:00:00.000Z",
        "last_edited_time": edited or "2026-03-02T10:00:00.000Z",
        "created_by": {"object": "user", "id": dashed("Ana Ruiz")},
        "parent": parent,
        "in_trash": False,
        "properties": {"Name": value("title", words(title)), **(properties or {})},
        "url": f"https://app.notion.com/p/{own(title)}",
        **more,
    }


def rows_of(*pages: Any, more: bool = False) -> dict[str, Any]:
    cursor = dashed("cursor") if more else None
    return {"object": "list", "results": list(pages), "has_more": more, "next_cursor": cursor}


def schema(name: str, properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "object": "data_source",
        "id": dashed(name),
        "title": words(name),
        "last_edited_time": "2026-03-01T09:00:00.000Z",
        "properties": {name: {"name": name, **what} for name, what in properties.items()},
        **more,
    }


def statuses(**groups: list[str]) -> dict[str, Any]:
    """A status property's schema: its options by group."""
    names = [name for options in groups.values() for name in options]
    return {
        "type": "status",
        "status": {
            "options": [{"id": dashed(name), "name": name} for name in names],
            "groups": [
                {"name": name.replace("_", " "), "option_ids": [dashed(option) for option in options]}
                for name, options in groups.items()
            ],
        },
    }
