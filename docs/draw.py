"""Draws the README's pictures, from what Clausebot really answers: `.venv/bin/python docs/draw.py`.

Needs what `make test` sets up, Debian's Chromium, and fonts with emoji (fonts-noto-color-emoji).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bot.links import Links
from bot.slack.blocks import render_answer
from retrieval.answerer import load_answerer

HERE = Path(__file__).parent
QUESTION = "who handles backups under GL8 5.1(c)?"
_CHROMIUM = "/usr/bin/chromium"
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-lcd-text"]

# Pixels of a picture to one of the page: sharp on most screens, and less than 150 KB each.
_SCALE = 1.25

_STYLE = """
body { margin: 0; background: #fff; color: #1d1c1d;
  font: 15px/1.46 Lato, "Liberation Sans", "Noto Color Emoji", sans-serif; }
main { width: 760px; padding: 18px 22px 20px; box-sizing: border-box; }
.message { display: flex; gap: 10px; margin-bottom: 14px; }
.message:last-child { margin: 0; }
.face { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #8a8f98; }
.face.bot { background: #1f4e79; color: #fff; font-weight: bold; text-align: center; line-height: 36px; }
.who { font-weight: bold; }
.who small { margin-left: 5px; padding: 1px 3px; border-radius: 2px; background: #e8e8e8; color: #616061;
  font-size: 10px; }
.blocks > * { margin: 6px 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 18px; }
.context { color: #616061; font-size: 13px; }
.row { display: flex; gap: 8px; }
.row span { padding: 4px 12px; border: 1px solid #c4c4c4; border-radius: 6px; font-weight: bold; }
.row .primary { border-color: #007a5a; background: #007a5a; color: #fff; }
.row .select { font-weight: normal; color: #616061; }
.row .select::after { content: "⌄"; margin-left: 14px; }
.thumbs { display: flex; gap: 12px; font-size: 14px; }
a { color: #1264a3; text-decoration: none; }
blockquote { margin: 0; padding-left: 10px; border-left: 4px solid #ddd; }
"""


def draw_message(question: str, blocks: list[dict[str, Any]]) -> str:
    """A page with a question and its answer, as Slack would show the answer's blocks.

    Raises:
        KeyError: there is a block or an element that is not known here.
    """
    drawn = "\n".join(_BLOCKS[block["type"]](block) for block in blocks)
    return f"""<!doctype html><meta charset="utf-8"><style>{_STYLE}</style><main>
<div class="message"><div class="face"></div>
<div><div class="who">You</div><a>@Clausebot</a> {escape(question)}</div></div>
<div class="message"><div class="face bot">C</div>
<div><div class="who">Clausebot<small>APP</small></div><div class="blocks">{drawn}</div></div></div></main>"""


def _draw_section(block: dict[str, Any]) -> str:
    if "fields" in block:
        return f'<div class="fields">{"".join(f"<div>{_draw_text(each)}</div>" for each in block["fields"])}</div>'
    return f"<div>{_draw_text(block['text'])}</div>"


def _draw_context(block: dict[str, Any]) -> str:
    return f'<div class="context">{" ".join(map(_draw_text, block["elements"]))}</div>'


def _draw_actions(block: dict[str, Any]) -> str:
    return f'<div class="row">{"".join(_ELEMENTS[each["type"]](each) for each in block["elements"])}</div>'


def _draw_button(element: dict[str, Any]) -> str:
    return f'<span class="{element.get("style", "")}">{_draw_text(element["text"])}</span>'


def _draw_select(element: dict[str, Any]) -> str:
    return f'<span class="select">{_draw_text(element["placeholder"])}</span>'


def _draw_thumbs(block: dict[str, Any]) -> str:
    (thumbs,) = block["elements"]
    both = (_draw_text(thumbs[button]["text"]) for button in ("positive_button", "negative_button"))
    return f'<div class="thumbs"><span>{"</span><span>".join(both)}</span></div>'


_BLOCKS = {
    "section": _draw_section,
    "context": _draw_context,
    "actions": _draw_actions,
    "context_actions": _draw_thumbs,
}
_ELEMENTS = {"button": _draw_button, "static_select": _draw_select}


def _draw_text(text: dict[str, Any]) -> str:
    """A text object as HTML; Slack's texts come with HTML's own three characters escaped."""
    return "<br>".join(map(_draw_line, text["text"].split("\n"))) if text["type"] == "mrkdwn" else text["text"]


def _draw_line(line: str) -> str:
    quoted = line.startswith(">")
    line = re.sub(r"<([^|>]+)\|([^>]*)>", r'<a href="\1">\2</a>', line.removeprefix(">"))
    line = re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"<b>\1</b>", line)
    line = re.sub(r"(?<!\w)_([^_]+)_(?!\w)", r"<i>\1</i>", line)
    return f"<blockquote>{line}</blockquote>" if quoted else line


def _picture_slack(browser: Browser) -> None:
    answer = load_answerer()[0].answer(QUESTION)
    message = render_answer(answer, links=Links("https://bot.example"), answer_id="0" * 64)
    page = browser.new_page(viewport={"width": 760, "height": 400}, device_scale_factor=_SCALE)
    page.set_content(draw_message(QUESTION, message.blocks))
    page.locator("main").screenshot(path=HERE / "slack.png")


def _picture_web(browser: Browser) -> None:
    with _serve() as address:
        page = browser.new_page(viewport={"width": 900, "height": 790}, device_scale_factor=_SCALE)
        page.goto(address)
        page.locator("#question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.locator(".turn:not(.waiting) .answer").wait_for()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.screenshot(path=HERE / "web.png", animations="disabled")


@contextmanager
def _serve() -> Iterator[str]:
    """The service's address, while it runs without any guide's text."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{folder}/records.db",
            "CLAUSEBOT_SOURCES": folder,
        }
        command = [sys.executable, "-m", "bot"]
        with subprocess.Popen(  # noqa: S603 (our own service)
            command, cwd=HERE.parent, env=environment, stderr=subprocess.PIPE, text=True
        ) as service:
            try:
                next(line for line in service.stderr or () if "Listening on" in line)
                yield f"http://127.0.0.1:{port}/"
            finally:
                service.terminate()


def main() -> None:
    """Write docs/slack.png and docs/web.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_SWITCHES)
        _picture_slack(browser)
        _picture_web(browser)
        browser.close()


if __name__ == "__main__":
    main()
