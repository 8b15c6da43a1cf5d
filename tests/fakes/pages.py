"""Pages as a browser without scripts reads them: elements with their texts, links, forms, and what is invalid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = set("area base br col embed hr img input link meta source track wbr path circle rect".split())
# What HTML closes by itself, which pages here never leave to it.
CLOSED = set("p li dt dd td th tr option".split())


@dataclass
class Element:
    """An element: ``text`` is all that stands in it, white space folded."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    line: int
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in it."""
        return " ".join(" ".join(self._texts()).split())

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style", "template"):
                yield from child._texts()

    def walk(self) -> Iterator[Element]:
        """Itself and every element in it, in the page's order; a template's are on no page yet."""
        yield self
        for child in self.children:
            if isinstance(child, Element) and self.tag != "template":
                yield from child.walk()

    def all(self, tag: str = "", css: str = "", **attributes: str) -> list[Element]:
        """The elements in it of a tag, a class and attributes; ``data_ties`` stands for ``data-ties``."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.walk()
            if tag in ("", each.tag)
            and (not css or css in each.classes)
            and all(each.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", css: str = "", **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, css, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {css} {attributes}"
        return found[0]

    def within(self, *tags: str) -> bool:
        """Whether it stands in an element of one of the tags."""
        return self.parent is not None and (self.parent.tag in tags or self.parent.within(*tags))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("", {}, None, 0)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        if doubled := [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]:
            self.faults.append(f"line {line}: {tag} has {doubled} twice")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open, line)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open.tag != tag:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes <{self.open.tag}> of {self.open.line}")
        if self.open.parent:
            self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def read_page(html: str) -> Element:
    """A page, or a part of one, whose tags are nested and closed as they are meant."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.faults == [], reader.faults
    assert reader.open is reader.root, f"<{reader.open.tag}> of line {reader.open.line} is never closed"
    return reader.root


def find_faults(page: Element) -> list[str]:
    """What is wrong with a whole page: a line for each fault."""
    return [
        *_check_frame(page),
        *_check_names(page),
        *_check_headings(page),
        *_check_nesting(page),
        *_check_inline(page),
    ]


def _check_frame(page: Element) -> Iterator[str]:
    html = page.one("html")
    if html.attributes.get("lang") not in ("en", "zh-Hant"):
        yield "the page has no language"
    if not page.one("title").text.removesuffix("· Clausebot").strip():
        yield "the page has no title"
    for tag in ("main", "h1"):
        if len(page.all(tag)) != 1:
            yield f"the page has {len(page.all(tag))} of {tag}"


def _check_names(page: Element) -> Iterator[str]:
    ids = Counter(each.attributes["id"] for each in page.walk() if "id" in each.attributes)
    yield from (f"the id {name} stands {count} times" for name, count in ids.items() if count > 1)
    labels = {each.attributes.get("for") for each in page.all("label")}
    for each in page.walk():
        attributes = each.attributes
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for target in attributes.get(name, "").split():
                if target not in ids:
                    yield f"line {each.line}: {name} names no id: {target}"
        href = attributes.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"line {each.line}: {href} leads nowhere"
        for target in attributes.get("data-ties", "").split():
            if target not in ids:
                yield f"line {each.line}: tied to nothing: {target}"
        is_field = each.tag in ("input", "textarea", "select") and attributes.get("type") != "hidden"
        if is_field and attributes.get("id") not in labels and not each.within("label"):
            yield f"line {each.line}: {each.tag} has no label"
        if each.tag in ("a", "button") and not (each.text or attributes.get("aria-label")):
            yield f"line {each.line}: {each.tag} has no name"
        if each.tag == "img" and "alt" not in attributes:
            yield f"line {each.line}: an image has no alternative"
        if each.tag == "svg" and attributes.get("aria-hidden") != "true":
            yield f"line {each.line}: a drawing is neither hidden nor named"


def _check_headings(page: Element) -> Iterator[str]:
    before = 0
    for each in page.walk():
        if each.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            level = int(each.tag[1])
            if level > before + 1:
                yield f"line {each.line}: h{level} follows h{before}: {each.text}"
            if not each.text:
                yield f"line {each.line}: a heading is empty"
            before = level


# What may stand in what, as far as a template could get it wrong.
_ONLY_IN = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "option": ("select",), "summary": ("details",)}
_NOT_IN_P = set("p ul ol dl div section article nav form table h1 h2 h3 h4 details blockquote fieldset".split())
_INTERACTIVE = set("a button input textarea select summary label".split())


def _check_nesting(page: Element) -> Iterator[str]:
    for each in page.walk():
        parent = each.parent
        if parent is None:
            continue
        if each.tag in _ONLY_IN and parent.tag not in _ONLY_IN[each.tag]:
            yield f"line {each.line}: {each.tag} stands in {parent.tag}"
        if parent.tag in ("ul", "ol") and each.tag != "li":
            yield f"line {each.line}: {each.tag} stands in {parent.tag}"
        if each.tag in _NOT_IN_P and each.within("p"):
            yield f"line {each.line}: {each.tag} stands in a paragraph"
        if each.tag in _INTERACTIVE - {"input", "label"} and each.within("a", "button"):
            yield f"line {each.line}: {each.tag} stands in a link or a button"
        if each.tag == "form" and each.within("form"):
            yield f"line {each.line}: a form stands in a form"


def _check_inline(page: Element) -> Iterator[str]:
    """What the Content-Security-Policy would stop."""
    for each in page.walk():
        if each.tag == "style" or "style" in each.attributes:
            yield f"line {each.line}: a style stands in the page"
        if each.tag == "script" and (each.text or not each.attributes.get("src")):
            yield f"line {each.line}: a script stands in the page"
        if handlers := [name for name in each.attributes if name.startswith("on")]:
            yield f"line {each.line}: {handlers} stands in the page"
        for name in ("src", "href", "action"):
            value = each.attributes.get(name, "")
            if value.startswith(("//", "javascript:", "data:")) or "://" in value:
                yield f"line {each.line}: {name} leads to another host: {value}"
