"""Uploads: bounded while they arrive, known again by what they begin with, and never left lying about."""

import errno
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.database import Database
from app.settings import Settings
from tests.api.client import Api, mbox, message, ok, problem
from tests.api.conftest import serving, settings_on
from tests.conftest import SettableClock

IMPORT = "/api/v1/integrations/import"
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mbox"\r\n\r\n'
CHUNK = b"x" * 100_000


class Endless:
    """A body in chunks that says how much of it was asked for."""

    def __init__(self, chunks: int) -> None:
        self.chunks = chunks
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield HEAD
        for _ in range(self.chunks):
            self.sent += len(CHUNK)
            yield CHUNK
        yield b"\r\n--b--\r\n"


@pytest.fixture
async def small(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Api]:
    """Takes files of 1000 bytes."""
    of = settings_on(settings, sqlite_database).model_copy(update={"import_max_bytes": 1000})
    async with serving(of, clock, tmp_path / "uploads") as api:
        yield api


async def test_what_says_that_it_is_too_long_is_not_read(small: Api) -> None:
    body = Endless(100)
    refused = await small.http.post(IMPORT, content=body, headers=FORM | {"Content-Length": "10000000"})

    assert "1000 bytes" in problem(refused, 413)["detail"]
    assert body.sent == 0


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
async def test_what_does_not_say_its_length_is_read_no_further_than_the_limit(small: Api, key: dict[str, str]) -> None:
    body = Endless(100)
    length = {"Content-Length": "900"} if key else {}
    refused = await small.http.post(IMPORT, content=body, headers=FORM | key | length)

    assert "1000 bytes" in problem(refused, 413)["detail"]
    assert body.sent <= 3 * len(CHUNK)


async def upload(api: Api, content: bytes, key: str) -> Any:
    return await api.http.post(IMPORT, files={"file": ("a.mbox", content)}, headers={"Idempotency-Key": key})


async def test_another_file_of_the_same_length_is_another_request(sqlite_api: Api) -> None:
    ok(await upload(sqlite_api, mbox(message("a")), "k"))

    other = problem(await upload(sqlite_api, mbox(message("b")), "k"), 422)

    assert "another request" in other["detail"]


@pytest.mark.parametrize("length", [100, *range(65_100, 65_200, 7), 200_000])
async def test_the_same_file_is_known_again_whatever_separates_its_parts(sqlite_api: Api, length: int) -> None:
    content = mbox(message("a", "y" * length))
    first, again = [await upload(sqlite_api, content, "k") for _ in range(2)]

    assert ok(first) == ok(again)
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await sqlite_api.get("/sync/runs"))["items"]) == 1


async def test_a_table_may_be_looked_at_whatever_its_size_as_it_may_be_imported(sqlite_api: Api, small: Api) -> None:
    table = b"Task,Status\n" + b"".join(b"Task %d,open\n" % number for number in range(100_000))

    shown = ok(await sqlite_api.http.post(f"{IMPORT}/preview", files={"file": ("tasks.csv", table)}))
    assert len(table) > 1_000_000
    assert [column["field"] for column in shown["tables"][0]["columns"]] == ["title", "status"]

    refused = await small.http.post(f"{IMPORT}/preview", content=Endless(100), headers=FORM)
    assert "1000 bytes" in problem(refused, 413)["detail"]


async def test_a_key_needs_an_upload_that_says_its_length(sqlite_api: Api) -> None:
    refused = await sqlite_api.http.post(IMPORT, content=Endless(1), headers=FORM | {"Idempotency-Key": "k"})

    assert "Content-Length" in problem(refused, 400)["detail"]


async def test_a_full_disk_is_said_and_leaves_nothing(sqlite_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    refused = problem(await sqlite_api.upload(mbox(message())), 503)

    assert "no room" in refused["detail"]
    assert list(sqlite_api.app.state.upload_folder.iterdir()) == []


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
async def test_nothing_of_a_strangers_upload_is_read(sqlite_api: Api, key: dict[str, str]) -> None:
    body = Endless(5)
    del sqlite_api.http.headers["Authorization"]
    refused = await sqlite_api.http.post(IMPORT, content=body, headers=FORM | key)

    problem(refused, 401)
    assert body.sent == 0
    assert refused.headers["connection"] == "close"


def other_routes(api: Api) -> Iterator[tuple[str, str]]:
    """Method and path of everything that takes a body and no file."""
    for path, methods in api.app.openapi()["paths"].items():
        for method in methods.keys() & {"post", "put", "patch", "delete"}:
            if path not in (IMPORT, f"{IMPORT}/preview"):
                yield method.upper(), re.sub(r"{\w+}", "import", path)


async def test_what_takes_no_file_is_held_to_the_bound_of_bodies_though_it_is_sent_a_form(sqlite_api: Api) -> None:
    """Else whatever is called «import» could fill the memory, with the size of a file."""
    bound = sqlite_api.app.state.settings.body_max_bytes
    others = list(other_routes(sqlite_api))
    assert ("PATCH", "/api/v1/tasks/import") in others
    for method, path in others:
        body = Endless(100)
        await sqlite_api.http.request(method, path, content=body, headers=FORM)

        assert body.sent <= bound + 2 * len(CHUNK), (method, path)


PART = b'--b\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\nx\r\n'


@pytest.mark.parametrize(
    "parts",
    [
        b"".join(PART % (b"field%d" % number, b"") for number in range(30)),
        PART % (b"file", b'; filename="a"') + PART % (b"file", b'; filename="b"'),
        PART % (b"n" * 10_000, b""),
        PART % (b"kind", b"\r\n" + b"\r\n".join(b"X-%d: y" % number for number in range(50))),
    ],
    ids=["many fields", "two files", "a long name", "many headers"],
)
async def test_a_form_with_more_than_an_import_needs_is_refused(sqlite_api: Api, parts: bytes) -> None:
    refused = await sqlite_api.http.post(IMPORT, content=parts + b"--b--\r\n", headers=FORM)

    assert refused.status_code in (400, 413)
    assert problem(refused, refused.status_code)["detail"]


@pytest.mark.parametrize("name", ["../../evil.mbox", "/etc/evil.mbox", "C:\\evil.mbox", "evil\u202e.mbox", "a/b.mbox"])
async def test_a_files_name_never_becomes_a_path(sqlite_api: Api, name: str) -> None:
    ok(await sqlite_api.upload(mbox(message("a")), name))

    folder: Path = sqlite_api.app.state.upload_folder
    [kept] = folder.rglob("*")  # noqa: ASYNC240 - a test may wait for it
    assert kept.parent == folder
    assert kept.stem.isalnum()
