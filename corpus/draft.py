"""A guide's text to a draft pack: clause-level passages with suggested owners, to be curated. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.models import Kind, Owner
from corpus.splitter import Document, SectionText, Sentence

_REGULATION = re.compile(r"\((GL[0-9]+)\)")
_NUMBERS = re.compile(r"\b[Ss]ections?\s+((?:[0-9]+\.[0-9]+(?:\([a-z]+\))*(?:\s*,\s*|\s+and\s+|\s+to\s+)?)+)")
_NUMBER = re.compile(r"[0-9]+\.[0-9]+(?:\([a-z]+\))*")
_CUSTOMER = re.compile(r"\b([Cc]ustomers?|[Cc]lients?|AIs?|[Aa]uthori[sz]ed insurers?|[Ii]nsurers?|[Tt]enants?)\b")
_THIRD_PARTY = re.compile(
    r"(?:(?:the|an?|each|every|any|independent|accredited)\s+){0,2}"
    r"(?:(?:sub-?)?contractors?|vendors?|third part(?:y|ies)|auditors?|testers?|operators?)\b",
    re.IGNORECASE,
)
_OWED = re.compile(r"\b(must|shall|should|responsib\w+|required|need to|has to|have to|expected)\b", re.IGNORECASE)
_OFFERED = re.compile(
    r"\b(can|may|offers?|provides?|facilitates?|option|enables?|available|willing|assist)\b", re.IGNORECASE
)
_SHOWN = re.compile(r"\b(certifi\w+|complian\w+|complies|attest\w+|accredit\w+|ISO|SOC|founded|recogni[sz]ed)\b")


@dataclass(frozen=True, slots=True)
class DraftDuty:
    """A sentence of a response with the party and kind that its words suggest, for a person to judge."""

    owner: Owner
    kind: Kind
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """A clause-level passage as the splitter finds it; ``ref`` is ``guide 2.1`` for background."""

    ref: str
    section: str
    row: str | None
    title: str
    requirement: tuple[Sentence, ...]
    paragraphs: tuple[tuple[Sentence, ...], ...]
    duties: tuple[DraftDuty, ...]
    together_with: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """Every page that the passage touches, ascending."""
        sentences = (*self.requirement, *(s for paragraph in self.paragraphs for s in paragraph))
        return tuple(sorted({page for sentence in sentences for page in sentence.pages}))


def draft_passages(document: Document) -> Iterator[DraftPassage]:
    """Every table row as a clause, prose that names clauses as those clauses, all other prose as background.

    A row's letter is completed by the clause that the section's prose names first; the regulation is the one in
    brackets in the section's heading, or in that of the section that encloses it.
    """
    regulations: dict[str, str] = {}
    for section in document.sections:
        found = _REGULATION.search(section.title)
        parent = section.number.rsplit(".", 1)[0]
        regulation = found[1] if found else regulations.get(parent)
        if regulation:
            regulations[section.number] = regulation
        named = _named_clauses(section.paragraphs[0]) if regulation and section.paragraphs else []
        for row in section.rows:
            base = named[0] if named else section.number
            number = f"{base}({row.label})" if row.label.isalpha() else row.label
            ref = f"{regulation} {number}" if regulation else f"guide {section.number}"
            duties = tuple(_suggest(paragraph) for part in row.paragraphs for paragraph in part)
            title = row.requirement[0].text[:80] if row.requirement else section.title
            yield DraftPassage(ref, section.number, row.label, title, row.requirement, row.paragraphs, duties)
        for numbers, paragraphs in _prose(section, regulation is not None):
            refs = [f"{regulation} {number}" for number in numbers]
            duties = tuple(_suggest(sentence) for paragraph in paragraphs for sentence in paragraph)
            for ref in refs or [f"guide {section.number}"]:
                others = tuple(other for other in refs if other != ref)
                yield DraftPassage(ref, section.number, None, section.title, (), paragraphs, duties, others)


def _prose(section: SectionText, is_regulated: bool) -> Iterator[tuple[list[str], tuple[tuple[Sentence, ...], ...]]]:
    """The section's paragraphs, parted where one names clauses that neither a row nor prose before it answers."""
    answered = {row.label for row in section.rows}
    if section.rows and section.paragraphs:
        # What introduces a table of letters names their clause; each letter answers for itself.
        answered.update(_named_clauses(section.paragraphs[0]))
    numbers: list[str] = []
    paragraphs: list[tuple[Sentence, ...]] = []
    for paragraph in section.paragraphs:
        said = paragraph if paragraph is section.paragraphs[0] else paragraph[:1]
        new = [number for number in _named_clauses(said) if is_regulated and number not in answered]
        if new and paragraphs:
            yield numbers, tuple(paragraphs)
            numbers, paragraphs = [], []
        numbers += new
        answered.update(new)
        paragraphs.append(paragraph)
    if paragraphs:
        yield numbers, tuple(paragraphs)


def _named_clauses(sentences: Sequence[Sentence]) -> list[str]:
    """Clause numbers that the sentences name, in order: "Sections 5.17 and 5.18"."""
    numbers: list[str] = []
    for sentence in sentences:
        for names in _NUMBERS.findall(sentence.text):
            numbers += [number for number in _NUMBER.findall(names) if number not in numbers]
    return numbers


def _suggest(sentence: Sentence) -> DraftDuty:
    text = sentence.text
    third_party, customer = _THIRD_PARTY.match(text), _CUSTOMER.search(text[:60])
    owed, offered = _OWED.search(text), _OFFERED.search(text)
    owner = Owner.CSP
    if third_party:
        owner = Owner.THIRD_PARTY
    elif customer and (owed or customer.start() == 0) and not (offered and not owed):
        owner = Owner.CSC
    kind = Kind.OBLIGATION
    if not owed and _SHOWN.search(text):
        kind = Kind.EVIDENCE
    elif not owed and offered:
        kind = Kind.SERVICE
    return DraftDuty(owner, kind, sentence)


def draft_pack(document: Document, pack_id: str) -> dict[str, Any]:
    """A pack as plain data, in the form that `corpus.loader` reads; texts are the source's own, to be restated."""
    passages = list(draft_passages(document))
    regulations = sorted({passage.ref.split(" ")[0] for passage in passages if not passage.ref.startswith("guide ")})
    return {
        "guide": {
            "pack": 1,
            "id": pack_id,
            "version": 1,
            "title": ": ".join(document.opening[:2]) or pack_id,
            "short_title": document.opening[0] if document.opening else pack_id,
            "provider": {"name": "TODO", "names": []},
            "customer": "the customer (the authorized insurer)",
            "edition": "TODO",
            "date": "1900",
            "language": "en",
            "copyright": "TODO: whose text it is and where to get it",
            "opening": list(document.opening),
            "regulations": regulations,
            "sections": [
                {"number": section.number, "title": section.title, "page": section.page}
                for section in document.sections
            ],
        },
        "clauses": [_clause(passage) for passage in passages if not passage.ref.startswith("guide ")],
        "items": [_item(passage) for passage in passages if passage.ref.startswith("guide ")],
        "sentences": draft_ledger(document),
    }


def draft_ledger(document: Document) -> list[dict[str, Any]]:
    """Every sentence's address, pages and hash, in reading order."""
    return [{"at": s.key, "pages": list(s.pages), "sha256": s.sha256} for s in document.sentences()]


def _clause(passage: DraftPassage) -> dict[str, Any]:
    asked = passage.requirement or (passage.paragraphs[0][:1] if passage.paragraphs else ())
    clause: dict[str, Any] = {"ref": passage.ref, "title": passage.title, "section": passage.section}
    if passage.row:
        clause["row"] = passage.row
    if passage.together_with:
        clause["together_with"] = list(passage.together_with)
    clause["requirement"] = {"text": _text(asked), "at": [_anchor(sentence) for sentence in asked]}
    clause["duties"] = _duties(passage)
    return clause


def _item(passage: DraftPassage) -> dict[str, Any]:
    summary = passage.paragraphs[0][:1]
    return {
        "id": "section-" + passage.section.replace(".", "-"),
        "title": passage.title,
        "section": passage.section,
        "summary": {"text": _text(summary), "at": [_anchor(sentence) for sentence in summary]},
        "duties": _duties(passage),
    }


def _duties(passage: DraftPassage) -> list[dict[str, Any]]:
    return [
        {
            "owner": duty.owner.value,
            "kind": duty.kind.value,
            "text": duty.sentence.text,
            "at": _anchor(duty.sentence),
        }
        for duty in passage.duties
    ]


def _text(sentences: Sequence[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def _anchor(sentence: Sentence) -> str:
    pages = sentence.pages
    span = f" p{pages[0]}" + (f"-{pages[-1]}" if len(pages) > 1 else "") if pages else ""
    return sentence.key + span
