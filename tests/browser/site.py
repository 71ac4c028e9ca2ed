"""The dashboard as its user sees it: what the tests do with it, in its own words."""

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect


class Site:
    """The queue and the task beside it, in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def visit(self, path: str = "/") -> None:
        """Open the queue, and wait until it stands there."""
        await self.page.goto(path)
        await expect(self.page.get_by_role("heading", name="Queue", level=1)).to_be_attached()
        await self.settled()

    async def settled(self) -> None:
        """Nothing on the page waits for an answer."""
        await expect(self.page.locator("main [aria-busy=true]")).to_have_count(0)

    async def go(self, path: str, heading: str) -> None:
        """Open a page and wait for its heading."""
        await self.page.goto(path)
        await expect(self.page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_attached()

    async def whole(self, path: str) -> None:
        """Open any page, and wait until all of it stands there."""
        await self.page.goto(path)
        await expect(self.page.locator("main h1")).to_have_count(1)
        await self.settled()

    async def choose(self, *files: Path, only_me: bool = False) -> None:
        """Choose files to import, by the dialog for it."""
        await self.go("/integrations", "Integrations")
        await self.page.get_by_role("button", name="Import", exact=True).click()
        if only_me:
            await self.page.get_by_label("Only for me").check()
        await self.page.get_by_label("Files to import").set_input_files(files)

    def imported(self, name: str) -> Locator:
        """The report of a file that was imported."""
        return self.page.get_by_role("article", name=f"Imported {name}")

    async def bring(self, file: Path, *, only_me: bool = False) -> None:
        """Import a file and wait for its report, then for the queue."""
        await self.choose(file, only_me=only_me)
        await expect(self.imported(file.name)).to_be_visible(timeout=20_000)
        await self.visit()

    async def width(self) -> int:
        """Of all that is on the page: more than the window's means scrolling sideways."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))

    @property
    def tasks(self) -> Locator:
        """The rows of the list; of a long one only those in view exist."""
        return self.page.locator("[role=row][data-task]")

    @property
    def selected(self) -> Locator:
        return self.page.locator("[role=row][data-task][aria-selected=true]")

    @property
    def panel(self) -> Locator:
        """The open task, beside the list or over it."""
        return self.page.get_by_role("complementary", name="Task")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def notices(self) -> Locator:
        return self.page.get_by_role("region", name="Notices")

    @property
    def bar(self) -> Locator:
        """What can be done with the selection."""
        return self.page.get_by_role("region", name="Selected tasks")

    @property
    def search(self) -> Locator:
        return self.page.get_by_role("searchbox", name="Search tasks")

    def task(self, title: str) -> Locator:
        return self.tasks.filter(has=self.page.get_by_role("link", name=title, exact=True))

    def view(self, name: str) -> Locator:
        """The tab of one state: Open, Waiting, Snoozed, …"""
        return self.page.get_by_role("group", name="State").get_by_role("button", name=name)

    async def titles(self) -> list[str]:
        return await self.tasks.get_by_role("link").all_inner_texts()

    async def open(self, title: str) -> Locator:
        """Open a task beside the list and wait for its explanation."""
        await self.task(title).get_by_role("link", name=title, exact=True).click()
        return await self.opened(title)

    async def opened(self, title: str) -> Locator:
        """The panel, once it shows all of this task."""
        await expect(self.panel.get_by_role("heading", name=title, level=2)).to_be_visible()
        await expect(
            self.panel.get_by_role("list", name="The lines of the sum")
        ).to_be_attached()  # empty where no rule says anything
        await expect(self.panel.locator("[aria-busy=true]")).to_have_count(0)
        return self.panel

    async def press(self, *keys: str) -> None:
        """Keys one after the other, as `Control+k`, `Alt+ArrowUp` or a letter."""
        for key in keys:
            await self.page.keyboard.press(key)

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
