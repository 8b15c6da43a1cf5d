"""What Teams takes for a card, by Microsoft's schema and limits, and what is read in one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import Draft6Validator, extend

Card = dict[str, Any]

SCHEMA = json.loads((files("adaptive_cards") / "schemas" / "schema-1.5.json").read_text(encoding="utf-8"))

PUBLIC_URL = "https://bot.example"

# What makes text of a TextBlock more than text: emphasis, links, lists, mentions, dates.
_MARKUP = re.compile(r"[*_`~\[\]<>{}\\|]|^\s*(?:[-+#>]|\d+[.)])\s|https?:|www\.", re.MULTILINE)


def _one_of(validator: Validator, branches: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
    """``anyOf``, of which branches for another ``type`` than the instance's are passed over: none of them can match."""
    if isinstance(instance, dict) and "type" in instance:
        kept = [branch for branch in branches if _may_be(branch, instance["type"])]
        branches = kept or branches
    yield from Draft6Validator.VALIDATORS["anyOf"](validator, branches, instance, schema)


def _may_be(branch: dict[str, Any], kind: str) -> bool:
    refs = [branch.get("$ref"), *(each.get("$ref") for each in branch.get("allOf", ()))]
    named = [SCHEMA["definitions"][ref.removeprefix("#/definitions/")] for ref in refs if ref]
    kinds = [each.get("properties", {}).get("type", {}).get("enum") for each in named]
    return all(kind in allowed for allowed in kinds if allowed)


_VALIDATOR = extend(Draft6Validator, {"anyOf": _one_of})(SCHEMA)


def refuse_card(card: Card) -> str | None:
    """Why Teams would not take a card, or part of it; None if it would."""
    error = next(_VALIDATOR.iter_errors(card), None)
    if error:
        return f"{error.json_path}: {error.message[:300]}"
    if len(json.dumps(card, ensure_ascii=False).encode("utf-16-le", "surrogatepass")) > 40_000:
        return "larger than 40 KB in UTF-16"
    ids = [each["id"] for each in walk(card) if "id" in each]
    if len(ids) != len(set(ids)):
        return f"ids are not unique: {ids}"
    aims = {aim for each in walk(card) for aim in each.get("targetElements", ())}
    if not aims <= set(ids):
        return f"nothing to show: {aims - set(ids)}"
    if any(not each["text"].strip() for each in walk(card) if each.get("type") in ("TextBlock", "TextRun")):
        return "an empty text"
    if any(not each.get("wrap") for each in walk(card) if each.get("type") == "TextBlock"):
        return "a text that does not wrap"
    if any(len(each["actions"]) > 2 for each in walk(card) if each.get("type") == "ActionSet"):
        return "more than two buttons in a row: a phone shows no more"
    return None


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Each object in a card, those inside others too."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def find_markup(card: Card) -> list[str]:
    """What could format, link or mention: markup in a TextBlock, whose text is Markdown, and addresses not our own.

    Runs of a RichTextBlock are no Markdown. Mentions would be in ``msteams``.
    """
    found = [each["text"] for each in walk(card) if each.get("type") == "TextBlock" and _MARKUP.search(each["text"])]
    addresses = [each["url"] for each in walk(card) if "url" in each]
    found += [address for address in addresses if not address.startswith(f"{PUBLIC_URL}/guides/")]
    return found + [str(each) for each in walk(card) if "msteams" in each or "selectAction" in each]


def read(value: Any) -> str:
    """What a card shows, folded parts too, in lines; without the places where long words may be broken."""
    return "\n".join(_lines(value)).replace("\u200b", "")


def _lines(value: Any) -> Iterator[str]:
    for each in walk(value):
        match each.get("type"):
            case "TextBlock":
                yield each["text"]
            case "RichTextBlock":
                yield "".join(run["text"] for run in each["inlines"])
            case "Input.Toggle":
                yield f"{each['label']}: {each['title']}"
            case "Input.ChoiceSet":
                yield f"{each['label']}: " + ", ".join(choice["title"] for choice in each["choices"])
            case str(kind) if kind.startswith("Action."):
                yield f"[{each['title']}]"


def find_actions(card: Card) -> dict[str, dict[str, Any]]:
    """A card's buttons by their titles."""
    return {each["title"]: each for each in walk(card) if str(each.get("type")).startswith("Action.")}


def find_inputs(card: Card) -> dict[str, dict[str, Any]]:
    """A card's inputs by their ids."""
    return {each["id"]: each for each in walk(card) if str(each.get("type")).startswith("Input.")}
