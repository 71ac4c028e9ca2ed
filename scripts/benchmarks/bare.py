"""The least a server can do here: `python -m scripts.benchmarks.bare --port N` answers with eight kilobytes at /."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_READY = b"x" * 8192


async def ready(_request: Request) -> Response:
    return Response(_READY, media_type="application/json")


def main() -> None:
    uvicorn.run(
        Starlette(routes=[Route("/", ready)]),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
