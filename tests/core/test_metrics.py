"""What processes of one machine count is one total: it adds up, and a kill takes nothing away from it.

Each counting process is a real one: what it counts lies in files that the others read.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parsed

from app.settings import PROJECT_ROOT

SHOP, BANK = "sqlite:///shop.db", "sqlite:///bank.db"

COUNTING = """
import json
import resource
import sys
from pathlib import Path
from app.core import log, metrics
from app.core.guard.statistics import Outcome

folder, whose, port, room = sys.argv[1:]
log.configure("INFO", "json")
if room != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
metrics.share(Path(folder), whose)
if port != "0":
    metrics.answer_at("127.0.0.1", int(port))
observe = metrics.observer()
from prometheus_client.exposition import generate_latest  # only now: whoever imports it first decides how it counts

class All:
    def collect(self):
        return metrics.counted()

print("ready", flush=True)
for line in sys.stdin:
    word, _, number = line.strip().partition(" ")
    if word == "count":
        for _ in range(int(number)):
            observe("composio:gmail", Outcome.OK, 0.2, 2)
    print(json.dumps(generate_latest(All()).decode()) if word == "show" else "done", flush=True)
"""
"""Shares a folder and does what it is told, line by line."""


class Process:
    """A process that counts calls to a service when it is told to."""

    def __init__(self, folder: Path, whose: str, port: int = 0, room: int = 0) -> None:
        """`room`: how many bytes a file of it may hold; a disk that is full refuses it in the same way."""
        environment = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", COUNTING, str(folder), whose, str(port), str(room)],
            cwd=PROJECT_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._heard() == "ready"

    def count(self, calls: int) -> None:
        assert self._told(f"count {calls}") == "done"

    def calls(self) -> dict[str, float]:
        """What it shows when it is asked: every sample of the service's calls."""
        text = str(json.loads(self._told("show")))
        return samples(text)

    def total(self) -> float:
        return self.calls().get("watchfloor_guard_calls_total", 0)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        if self._process.poll() is None:
            self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _told(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def samples(text: str) -> dict[str, float]:
    """By name, histograms' buckets with what they go up to."""
    return {
        sample.name + (f" {sample.labels['le']}" if "le" in sample.labels else ""): sample.value
        for family in parsed(text)
        for sample in family.samples
    }


Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a process that counts for a database, in the folder that all share."""
    with ExitStack() as ending:

        def begin(whose: str = SHOP, port: int = 0, room: int = 0) -> Process:
            process = Process(tmp_path / "metrics", whose, port, room)
            ending.callback(process.end)
            return process

        yield begin


def test_what_two_processes_count_adds_up_whichever_is_asked(start: Start) -> None:
    server, worker = start(), start()
    server.count(3)
    worker.count(4)

    assert (server.total(), worker.total()) == (7, 7)


def test_so_do_the_parts_of_a_histogram(start: Start) -> None:
    server, worker = start(), start()
    server.count(1)
    worker.count(2)

    found = server.calls()

    assert found["watchfloor_guard_call_duration_seconds_count"] == 3
    assert found["watchfloor_guard_call_duration_seconds_sum"] == pytest.approx(0.6)
    assert found["watchfloor_guard_call_duration_seconds_bucket 0.1"] == 0
    assert found["watchfloor_guard_call_duration_seconds_bucket 0.25"] == 3
    assert found["watchfloor_guard_call_duration_seconds_bucket +Inf"] == 3


def test_attempts_and_retries_are_counted_beside_calls(start: Start) -> None:
    server = start()
    server.count(5)

    found = server.calls()

    assert (found["watchfloor_guard_attempts_total"], found["watchfloor_guard_retries_total"]) == (10, 5)


def test_a_total_never_goes_back_when_a_worker_is_killed_and_another_one_follows(start: Start) -> None:
    server, worker = start(), start()
    server.count(1)
    worker.count(5)
    seen = [server.total()]

    worker.kill()
    seen.append(server.total())
    follower = start()
    seen.append(server.total())
    follower.count(2)
    seen.append(server.total())

    assert seen == [6, 6, 6, 8]


def test_a_process_that_has_counted_nothing_yet_lives_all_the_same(start: Start) -> None:
    waiting, worker = start(), start()
    worker.count(5)
    worker.kill()

    follower = start()

    assert (waiting.total(), follower.total()) == (5, 5)


def test_files_that_a_process_is_just_making_are_no_trouble(start: Start, tmp_path: Path) -> None:
    server = start()
    server.count(2)
    [folder] = [each for each in (tmp_path / "metrics").iterdir() if each.is_dir()]
    (folder / "counter_99999999.db").touch()

    assert server.total() == 2


def test_counting_begins_anew_once_all_have_gone(start: Start) -> None:
    first = start()
    first.count(5)
    first.kill()

    assert start().total() == 0


def test_processes_of_another_database_count_apart(start: Start) -> None:
    shop, bank = start(SHOP), start(BANK)
    shop.count(3)
    bank.count(1)

    assert (shop.total(), bank.total()) == (3, 1)


def test_a_worker_that_answers_nothing_else_gives_metrics_at_a_port_of_its_own(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    start(port=port).count(2)

    address = f"http://127.0.0.1:{port}/metrics"
    text = httpx.get(address).text
    one = httpx.get(address, params={"name[]": "watchfloor_guard_attempts_total"})
    openmetrics = httpx.get(address, headers={"Accept": "application/openmetrics-text; version=1.0.0"}).text

    assert samples(text)["watchfloor_guard_calls_total"] == 2
    assert (one.status_code, samples(one.text)) == (200, {"watchfloor_guard_attempts_total": 4})
    assert "watchfloor_guard_calls" in {family.name for family in parsed_openmetrics(openmetrics)}  # type: ignore[no-untyped-call]  # it is not annotated


def test_a_disk_that_fills_up_later_takes_no_process_down(start: Start, tmp_path: Path) -> None:
    """What is mapped into memory and lies nowhere on the disk is a bus error there: so all of it lies there at once."""
    start().count(1)

    files = [each.stat() for each in (tmp_path / "metrics").glob("*/*.db")]

    assert len(files) == 2
    for each in files:
        assert each.st_blocks * 512 >= each.st_size >= 1_000_000


def test_a_dead_process_keeps_what_it_counted_and_gives_its_room_back(start: Start, tmp_path: Path) -> None:
    living, dead = start(), start()
    living.count(1)
    dead.count(2)
    dead.kill()

    follower = start()
    follower.count(4)
    living.count(8)

    sizes = sorted(each.stat().st_size for each in (tmp_path / "metrics").glob("*/*.db"))
    assert (living.total(), len(sizes)) == (15, 6)
    assert max(sizes[:2]) < 10_000
    assert min(sizes[2:]) >= 1_000_000


def test_a_disk_that_is_full_already_lets_each_process_count_on_its_own(
    start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    other, alone = start(), start(room=70_000)
    other.count(3)
    alone.count(2)

    assert (other.total(), alone.total()) == (3, 2)
    [line] = capfd.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "there is no room to count together with other processes"
