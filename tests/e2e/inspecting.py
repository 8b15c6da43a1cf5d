"""What is wrong with a page as it stands in the browser: barriers, by axe-core, and what does not fit its width."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

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
