"""What a person's pages take while the same process pulls a mailbox."""

import json
import time
from pathlib import Path

from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Sheet, percentile
from scripts.benchmarks.pulled import KEY, SINCE
from scripts.benchmarks.serving import Client, watchfloor

_EVERY_S = 0.1
"""A person does not ask more often, and who asks without a pause would measure themselves."""
_REST_S = 6
"""What the jobs do behind a pull is over then."""
_PAGE = "/api/v1/tasks?limit=50"


def pages(sheet: Sheet, makers: Makers, folder: Path, services: str, account: str) -> None:
    """`watchfloor serve` with its jobs; one person who looks at the queue ten times a second."""
    url = makers.new()
    with watchfloor(url, folder, COMPOSIO_API_KEY=KEY, COMPOSIO_BASE_URL=services) as server:
        client = server.client()
        body = {
            "kind": "gmail",
            "name": "mail",
            "settings": {"since": SINCE},
            "gateway": {"connected_account_id": account},
        }
        status, said = client.ask("POST", "/api/v1/integrations", body)
        if status != 201:
            raise RuntimeError(f"the integration was answered {status}: {said[:300].decode(errors='replace')}")
        own = json.loads(said)["id"]
        begun, during = time.perf_counter(), []
        while not _pulled(client, own):
            during += [_page(client) for _ in range(10)]
        took = time.perf_counter() - begun
        client.close()
        time.sleep(_REST_S)
        client = server.client()
        after = [_page(client) for _ in range(100)]
        items = _items(client, own)
        client.close()
    makers.drop(url)
    for when, some in (("while mail is pulled", during), ("afterwards", after)):
        sheet.add(f"a page of the queue {when}, p50", percentile(some, 0.5) * 1000, "ms")
        sheet.add(f"a page of the queue {when}, p95", percentile(some, 0.95) * 1000, "ms")
    sheet.add("the longest while mail is pulled", max(during) * 1000, "ms", note=f"{len(during)} pages")
    sheet.add("that pull, in the serving process", items / took, "/s", note=f"{items:,} mails")


def _page(client: Client) -> float:
    time.sleep(_EVERY_S)
    return client.timed("GET", _PAGE)


def _pulled(client: Client, own: int) -> bool:
    shown = json.loads(client.ask("GET", f"/api/v1/integrations/{own}")[1])
    if shown["failures"]:
        raise RuntimeError(f"the pull failed: {shown['last_error']}")
    return shown["last_success_at"] is not None


def _items(client: Client, own: int) -> int:
    return int(json.loads(client.ask("GET", f"/api/v1/integrations/{own}")[1])["items"])
