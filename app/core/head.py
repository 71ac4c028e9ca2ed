"""HEAD for every address that answers GET. Pure ASGI."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AnswersHead:
    """HEAD is answered wherever GET is, as RFC 9110 asks: the same status and headers, and no body.

    A body that comes in parts is not made to its end, for a stream has none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif message.get("more_body"):
                enough.reschedule(asyncio.get_running_loop().time())

        as_get = {**scope, "method": "GET"}
        try:
            async with asyncio.timeout(None) as enough:
                await self.app(as_get, receive, send_no_body)
        except TimeoutError:
            if not enough.expired():
                raise
        finally:  # who stands around is to know which route it was
            scope.update({name: as_get[name] for name in ("route", "endpoint") if name in as_get})
        await send({"type": "http.response.body", "body": b""})  # only now, when what made the body is gone
