"""`watchfloor serve` and `watchfloor worker`."""

import asyncio
import signal
import socket
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.links import at_start
from app.cli.printing import say
from app.cli.running import called, fill_before_start, settings
from app.cli.trouble import fail, told

if TYPE_CHECKING:
    import uvicorn

    from app.settings import Settings

MOST_CONNECTIONS = 900
"""At once, open streams with them: below the 1024 files that a process may have open on most systems, with room for the
database's. Whoever comes then is answered 503; one address alone can't take them all, see app.core.patient."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: this machine only.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)] = None,
    jobs: Annotated[bool, typer.Option(help="Also carry out imports and keep scores.")] = True,
) -> None:
    """Serve the API and the page, and keep the queue's scores."""
    given = settings()
    if host is not None:
        given.listen_host = host
    if port is not None:
        given.listen_port = port
    _check_port(given.listen_host, given.listen_port)

    from app.core import log, metrics  # noqa: PLC0415 - heavy, as is what follows
    from app.core.origins import names  # noqa: PLC0415
    from app.main import METRICS, create_app  # noqa: PLC0415

    log.configure(given.level, given.log_format, statements=given.debug)
    with told(given):
        metrics.share(METRICS, given.database)
        fill_before_start(given)
        hosts = names(given.listen_host, given.public_url, given.trusted_hosts)
        app = create_app(given, jobs=jobs, sample=given.begins_with_sample, hosts=hosts)

    # uvicorn stops cleanly on a signal and then raises it again: a stop that was asked for is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    _server(app, given).run()


def _server(app: Any, given: "Settings") -> "uvicorn.Server":
    """What listens, says where once it does, and ends open streams when it is stopped. `app` is create_app's."""
    import uvicorn  # noqa: PLC0415 - heavy, as is what follows

    from app.core.patient import behind  # noqa: PLC0415

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                here = _is_loopback(given.listen_host)
                entering = await at_start(given, app.state.database, app.state.clock, on_loopback=here)
                _say_where(_address(given), app.state.database.place, entering)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.streams.close()  # it waits for open answers to end
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        host=given.listen_host,
        port=given.listen_port,
        log_config=None,
        server_header=False,
        http=behind(given.trusted_proxies),
        ws="none",  # there is none: nothing is to be upgraded to it
        proxy_headers=False,  # uvicorn would believe this machine's own; see app.core.proxies
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=5,
        # Open streams must not hold up a stop.
        timeout_graceful_shutdown=5,
    )
    return Server(config)


def worker(
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Port at which it gives metrics, where no server on this machine does.", min=1),
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="Address for that. Default: this machine only.")] = "127.0.0.1",
) -> None:
    """Carry out imports and pulls, keep scores and tell sources, beside servers that run with --no-jobs."""
    given = settings()
    from app.core import log, metrics  # noqa: PLC0415
    from app.main import METRICS  # noqa: PLC0415
    from app.worker import work  # noqa: PLC0415

    log.configure(given.level, given.log_format, statements=given.debug)
    with told(given):
        metrics.share(METRICS, given.database)
        if metrics_port is not None:
            metrics.answer_at(metrics_host, metrics_port)
        fill_before_start(given)
        asyncio.run(work(given))


def _check_port(host: str, port: int) -> None:
    """Say in time that the port is taken: later it would be a traceback."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        fail(f"{host} is no address of this machine.")
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            fail(f"Port {port} needs more rights. Choose one above 1023: --port 8000")
        except OSError:
            fail(f"Port {port} on {host} is taken or not ours. Choose another: --port {port + 1}")


def _address(given: "Settings") -> str:
    """What people type. Where it listens for others: PUBLIC_URL, or this machine's name, which they may know."""
    host = given.listen_host
    if _is_loopback(host):
        host = "localhost"
    elif given.public_url:
        return given.public_url.rstrip("/")
    elif _is_every(host):
        host = socket.gethostname()
    return f"http://{f'[{host}]' if ':' in host else host}:{given.listen_port}"


def _say_where(address: str, place: str, entering: str) -> None:
    say(f"\n  Watchfloor is at  {address}")
    say(f"  API documents     {address}/docs")
    say(f"  Data              {place}")
    say(f"  Import            {called()} import PATH  (mail, Slack, Notion or a table; or drop it on the page)")
    say(f"\n  {entering}\n")
    say("  Stop with Ctrl+C\n")


def _is_every(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
