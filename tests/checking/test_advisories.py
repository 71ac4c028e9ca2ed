"""Locked packages are looked up in a database of advisories; where none answers, that is said and no failure."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from scripts.checking import advisories
from scripts.checking.advisories import ROOT, UNREACHABLE, locked, main


class Osv(BaseHTTPRequestHandler):
    """Answers as OSV does: one result for each query, empty where nothing is known."""

    holes: ClassVar[dict[str, list[str]]] = {}
    spoiled: ClassVar[bytes] = b""

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = [self.holes.get(query["package"]["name"]) for query in asked["queries"]]
        told = {"results": [{"vulns": [{"id": id_} for id_ in ids]} if ids else {} for ids in known]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.spoiled or json.dumps(told).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def osv(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Osv]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("ADVISORIES_URL", f"http://127.0.0.1:{server.server_port}")
    yield Osv
    server.shutdown()
    server.server_close()
    thread.join()
    Osv.holes, Osv.spoiled = {}, b""


def test_every_locked_package_is_asked_about() -> None:
    found = dict(locked(ROOT))

    assert {"fastapi", "cryptography", "pytest"} <= set(found)
    assert all(version[0].isdigit() for version in found.values())


def test_no_advisory(osv: type[Osv], capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "packages, no advisory" in capsys.readouterr().out


def test_an_advisory_is_named_with_its_package(osv: type[Osv], capsys: pytest.CaptureFixture[str]) -> None:
    osv.holes = {"fastapi": ["GHSA-1", "PYSEC-2"]}

    assert main() == 1
    said = capsys.readouterr().out
    assert f"fastapi {dict(locked(ROOT))['fastapi']}: GHSA-1, see https://osv.dev/vulnerability/GHSA-1" in said
    assert "PYSEC-2" in said


def test_one_that_is_accepted_is_no_failure(osv: type[Osv], monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    osv.holes = {"fastapi": ["GHSA-1"]}
    (tmp_path / "accepted.toml").write_text('accepted = [{id = "GHSA-1", reason = "we never call it"}]')
    monkeypatch.setattr(advisories, "_ACCEPTED", tmp_path / "accepted.toml")

    assert main() == 0


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"results": []}', b'{"results": 7}'])
def test_an_answer_of_something_else_is_none(osv: type[Osv], capsys: pytest.CaptureFixture[str], answer: bytes) -> None:
    osv.spoiled = answer

    assert main() == UNREACHABLE
    assert "not reachable" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "file:///etc/hostname"])
def test_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    monkeypatch.setenv("ADVISORIES_URL", address)

    assert main() == UNREACHABLE
    assert capsys.readouterr().out.startswith("not reachable: ")
