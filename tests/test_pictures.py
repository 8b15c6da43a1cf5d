"""The README's picture of Slack is drawn from an answer's own blocks, whatever they say."""

from __future__ import annotations

import html
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def draw() -> ModuleType:
    """The script that draws."""
    spec = importlib.util.spec_from_file_location("draw", ROOT / "docs" / "draw.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shown(value: Any) -> Iterator[str]:
    """The words of a block that Slack shows: neither what asks back, nor the options of a closed list."""
    if isinstance(value, dict):
        if "type" in value and value["type"] in ("mrkdwn", "plain_text"):
            yield from re.findall(r"\w+", html.unescape(re.sub(r"<[^|>]+\|", "", value["text"])).replace("_", " "))
        for key, inner in value.items():
            if key not in ("confirm", "options"):
                yield from shown(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from shown(inner)


@pytest.mark.parametrize("name", ["one-clause", "quoted", "silent-side", "private", "chinese"])
def test_every_word_of_a_message_is_drawn(draw: ModuleType, name: str) -> None:
    """The picture of an answer says all that its blocks say, in order, and leaves no mark of Slack's in it."""
    blocks = json.loads((ROOT / "tests" / "golden" / "slack" / f"{name}.json").read_text(encoding="utf-8"))["blocks"]
    drawn = draw.draw_message("Who?", blocks).split('<div class="blocks">')[1]
    text = html.unescape(re.sub(r"<[^>]+>", " ", drawn))
    assert re.findall(r"\w+", text) == list(shown(blocks))
    assert "*" not in text


def test_a_block_that_is_not_known_is_not_left_out(draw: ModuleType) -> None:
    """A new kind of block stops the drawing."""
    with pytest.raises(KeyError):
        draw.draw_message("Who?", [{"type": "video"}])


@pytest.mark.parametrize("name", ["slack.png", "web.png"])
def test_the_readme_opens_with_pictures(name: str) -> None:
    """Both pictures stand before the README's first heading but its title, and load fast: under 150 KB."""
    opening = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert f"](docs/{name})" in opening
    picture = (ROOT / "docs" / name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000
