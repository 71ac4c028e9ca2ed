"""What axe-core finds wrong with a page: what weak eyes, a screen reader or the keyboard alone would stumble on."""

from functools import cache

from playwright.async_api import Page

from app.settings import PROJECT_ROOT

_AXE = PROJECT_ROOT / "app" / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """async ([tags, besides]) => {
  const rules = Object.fromEntries(besides.map((rule) => [rule, { enabled: false }]));
  const resultTypes = ["violations", "incomplete"];
  const { violations, incomplete } = await axe.run(document, { runOnly: tags, rules, resultTypes });
  // Names that lead nowhere: axe leaves them to be looked at, since what they name may come later.
  const dangling = incomplete.filter(({ id }) => id === "aria-valid-attr-value" && !besides.includes(id));
  return [...violations, ...dangling].flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const said = [...any, ...all, ...none].map(({ message }) => message).join("; ");
      return `${id}: ${help}\\n  at ${target.flat().join(" ")}\\n  ${said}`;
    }),
  );
}"""


@cache
def _program() -> str:
    return _AXE.read_text(encoding="utf-8")


async def violations(page: Page, *besides: str) -> list[str]:
    """Each with its rule, what the rule asks for, where it is broken, and how. `besides`: rules that are not asked."""
    # Given to the page by the debugger's protocol, which the page's own policy does not bind.
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(_program())
    found: list[str] = await page.evaluate(_RUN, [list(_RULES), list(besides)])
    return found


async def assert_none(page: Page, where: str = "") -> None:
    found = await violations(page)
    assert not found, "\n".join([f"axe found {len(found)} on {where or page.url}:", *found])
