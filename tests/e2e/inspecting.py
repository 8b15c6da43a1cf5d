"""What is wrong with a page as it stands in the browser: barriers, by axe-core, and what does not fit its width."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from e2e.browsing import keep
from playwright.sync_api import Page

HERE = Path(__file__).parent

# The rules of WCAG 2.2 up to level AA, and axe's own of good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


@lru_cache(maxsize=1)
def _axe() -> str:
    return (HERE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _measure() -> str:
    return (HERE / "measure.js").read_text(encoding="utf-8")


def find_barriers(page: Page) -> list[str]:
    """A line for each element that breaks a rule: the rule, the element, and what to mend."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    lines: list[str] = page.evaluate(_RUN, _RULES)
    return lines


def find_cut(page: Page) -> list[str]:
    """A line for each element that stands out of the page at a side, or whose content does not fit into it."""
    lines: list[str] = page.evaluate(_measure())
    return lines


def inspect(page: Page, name: str) -> list[str]:
    """What is wrong with a page at two widths in two themes; a picture of each is kept under a name."""
    faults = []
    for size, width in {"wide": 1440, "phone": 360}.items():
        page.set_viewport_size({"width": width, "height": 800})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            faults += [f"{size} {theme}: {line}" for line in find_barriers(page)]
            keep(page, f"pages/{name}-{size}-{theme}")
        faults += [f"{size}: {line}" for line in find_cut(page)]
    return faults
