"""The JSON API's description as a page to read: no script, nothing from elsewhere. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from bot.web.openapi import OPERATIONS, Schema
from bot.web.problems import KINDS

_REFERENCE = "#/components/schemas/"

# Where the service is unless it is told otherwise.
_BY_DEFAULT = "http://127.0.0.1:3000"


def render_page(document: Mapping[str, Any]) -> str:
    """The page.

    Args:
        document: as `compose_openapi` gives it.
    """
    environment = Environment(loader=PackageLoader("bot.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"prose": _mark_code, "form": _describe_form}
    schemas, root = document["components"]["schemas"], document["servers"][0]["url"]
    operations = [(each, document["paths"][each.path][each.method]) for each in OPERATIONS]
    return environment.get_template("api.html").render(
        document=document,
        root=root,
        address=root if root.startswith("http") else _BY_DEFAULT + root,
        # What no token is needed for is shown without, so that the examples can be tried as they are.
        token="" if {} in document["security"] else '-H "Authorization: Bearer $TOKEN" ',
        operations=operations,
        examples={each.name: _example(each.path, described, schemas) for each, described in operations},
        schemas=schemas,
        kinds=KINDS,
    )


def _mark_code(text: str) -> Markup:
    """Running text in which backticks mark code, as paragraphs."""
    paragraphs = (re.sub(r"`+([^`]+)`+", r"<code>\1</code>", str(escape(each))) for each in text.split("\n\n"))
    return Markup("".join(f"<p>{each}</p>" for each in paragraphs))  # noqa: S704 - escaped above


def _describe_form(schema: Schema) -> Markup:
    """What form a value has, in a few words, with links to the models that it is of."""
    return Markup(" or ").join(_list_forms(schema))


def _list_forms(schema: Schema) -> list[Markup]:
    if "anyOf" in schema:
        return [form for choice in schema["anyOf"] for form in _list_forms(choice)]
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return [Markup('<a href="#{0}">{0}</a>').format(name)]
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return [Markup("<code>{}</code>").format(json.dumps(value)) for value in values]
    if schema.get("type") == "array":
        return [Markup("list of {}").format(_describe_form(schema["items"]))]
    bounds = [
        f"{said} {schema[name]:,}"
        for name, said in (("minLength", "at least"), ("maxLength", "at most"))
        if schema.get(name, 1) != 1
    ]
    length = f", {' and '.join(bounds)} characters" if bounds else ""
    return [escape(schema.get("type", "anything") + length)]


def _example(path: str, described: Schema, schemas: Mapping[str, Schema]) -> tuple[str, str]:
    """What a first call of an operation adds to the address, and its body."""
    if "requestBody" in described:
        schema = described["requestBody"]["content"]["application/json"]["schema"]
        model = schemas[schema["$ref"].removeprefix(_REFERENCE)]
        body = {name: model["properties"][name].get("examples", [True])[0] for name in model["required"]}
        return path, json.dumps(body)
    needed = [f"{each['name']}={each['schema']['examples'][0]}" for each in described["parameters"] if each["required"]]
    return " ".join([path, *needed]), ""
