"""The page as its user sees it: what the tests do with it, in its own words."""

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect


class Site:
    """The queue page in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def visit(self, path: str = "/") -> None:
        await self.page.goto(path)
        await expect(self.page.locator("#queue")).to_have_attribute("aria-busy", "false")

    async def bring(self, path: Path) -> None:
        """Import a file and wait for the report and the queue."""
        await self.page.locator("#file").set_input_files(path)
        await expect(self.page.locator(".equation")).to_be_visible(timeout=20_000)
        await expect(self.tasks.first).to_be_visible()

    async def width(self) -> int:
        """Of all that is on the page: more than the window's means scrolling sideways."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))

    @property
    def columns(self) -> Locator:
        """The dialog about a table's columns."""
        return self.page.get_by_role("dialog", name="This is how your columns are read")

    @property
    def tasks(self) -> Locator:
        return self.page.locator(".task")

    def task(self, title: str) -> Locator:
        return self.tasks.filter(has=self.page.get_by_role("button", name=title, exact=True))

    def view(self, name: str) -> Locator:
        return self.page.get_by_role("navigation", name="Which tasks").get_by_role("button", name=name)

    async def titles(self) -> list[str]:
        return await self.page.locator(".task .open").all_inner_texts()

    async def open(self, title: str) -> Locator:
        """Open a task and wait for its explanation."""
        task = self.task(title)
        await task.get_by_role("button", name=title, exact=True).click()
        await expect(task.locator(".total")).to_be_visible()
        return task

    async def focused(self) -> str:
        """The text of what has the focus."""
        text = await self.page.evaluate("document.activeElement.innerText")
        return str(text)

    async def api(self, path: str, method: str = "GET", **data: Any) -> Any:
        """What the API itself says, to whoever is signed in on the page."""
        headers = {}
        if method != "GET":
            who = await (await self.page.request.get("/api/v1/auth/me")).json()
            headers["X-CSRF-Token"] = who["csrf_token"]
        answer = await self.page.request.fetch(f"/api/v1{path}", method=method, headers=headers, data=data or None)
        assert answer.ok, await answer.text()
        return await answer.json()
