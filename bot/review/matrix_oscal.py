"""The matrix as an OSCAL component definition: a component a provider, a statement a duty. Pure.

A duty of the provider is a ``provided`` statement, one of the customer a ``responsibility``, as an SSP's export calls
them; a third party's is ``third-party``. Who carries a clause is not stored: it follows from its statements of the kind
``obligation`` (both sides: shared) or, where there are none, from all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from bot.review.matrix import GuideAnswer, GuideHead, ResponsibilityMatrix
from bot.review.matrix_lines import list_summary, plain
from corpus.models import Owner
from retrieval.answer import DutyView
from retrieval.catalogue import RegulationView
from retrieval.message import place_duty
from retrieval.wording import LABELS, format_date

OSCAL_VERSION = "1.2.0"
"""What is used here is the same in every release of 1.2."""
NAMESPACE = "urn:clausebot:oscal"
"""Of the properties that are ours."""

_IDS = UUID("0d4a29b6-7f0e-5d3c-9a51-6b3a2f1c8e77")
_STATEMENTS: Mapping[Owner, str] = {
    Owner.CSP: "provided",
    Owner.CSC: "responsibility",
    Owner.THIRD_PARTY: "third-party",
}
_ROLES: Mapping[Owner, str] = {Owner.CSP: "provider", Owner.CSC: "customer", Owner.THIRD_PARTY: "third-party"}

Json = dict[str, Any]


def render_oscal(matrix: ResponsibilityMatrix) -> str:
    """The component definition as JSON; the same matrix gives the same ids and bytes."""
    return json.dumps({"component-definition": _compose(matrix)}, ensure_ascii=False, indent=2) + "\n"


def name_control(ref: str) -> str:
    """The control's id of a clause's reference: ``gl14-5.8.e`` of ``GL14 5.8(e)``."""
    return re.sub(r"\(([a-z]+)\)", r".\1", ref).replace(" ", "-").lower()


def _compose(matrix: ResponsibilityMatrix) -> Json:
    names = [rule.id for rule in matrix.regulations]
    remarks = [f"{heading}: {text}" for heading, text in list_summary(matrix)]
    labels = LABELS["en"]
    return {
        "uuid": _id("definition", matrix.sha256, *names, *(guide.id for guide in matrix.guides)),
        "metadata": {
            "title": f"Responsibility matrix: {', '.join(names)}",
            "last-modified": f"{matrix.dated}T00:00:00Z",
            "version": matrix.sha256,
            "oscal-version": OSCAL_VERSION,
            "roles": [{"id": _ROLES[owner], "title": labels.owner[owner]} for owner in Owner],
            "parties": [
                {"uuid": _id("party", guide.provider), "type": "organization", "name": plain(guide.provider)}
                for guide in {guide.provider: guide for guide in matrix.guides}.values()
            ],
            "remarks": "\n\n".join(remarks),
        },
        "components": [_component(guide, matrix) for guide in matrix.guides],
        "back-matter": {
            "resources": [
                *(_rule_resource(rule) for rule in matrix.regulations),
                *(_guide_resource(guide) for guide in matrix.guides),
            ]
        },
    }


def _component(guide: GuideHead, matrix: ResponsibilityMatrix) -> Json:
    implementations = []
    for rule in matrix.regulations:
        answers = [each for each in matrix.answers if each.guide == guide.id and each.ref.split(" ")[0] == rule.id]
        if answers:
            implementations.append(
                {
                    "uuid": _id("implementation", guide.id, rule.id),
                    "source": f"#{_id('regulation', rule.id)}",
                    "description": plain(f"What {guide.title} says about {rule.id}, {rule.title}."),
                    "implemented-requirements": [_requirement(answer) for answer in answers],
                }
            )
    component = {
        "uuid": _id("component", guide.id),
        "type": "service",
        "title": plain(guide.provider),
        "description": plain(f"The cloud services of {guide.provider}, as {guide.title} describes them."),
        "links": [{"href": f"#{_id('guide', guide.id)}", "rel": "reference"}],
        "responsible-roles": [{"role-id": _ROLES[Owner.CSP], "party-uuids": [_id("party", guide.provider)]}],
    }
    return component | ({"control-implementations": implementations} if implementations else {})


def _requirement(answer: GuideAnswer) -> Json:
    silent = LABELS["en"].silent
    sides = {Owner.CSP: answer.csp, Owner.CSC: answer.csc, Owner.THIRD_PARTY: answer.third_party}
    remarks = [answer.citation, *(silent[owner] for owner in (Owner.CSP, Owner.CSC) if not sides[owner])]
    remarks += [f"{LABELS['en'].note}: {note.text} [{note.citation}]" for note in answer.errata]
    remarks.append(answer.currency)
    statements = [statement for owner, duties in sides.items() for statement in _statements(answer, owner, duties)]
    requirement = {
        "uuid": _id("requirement", answer.guide, answer.ref),
        "control-id": name_control(answer.ref),
        "description": plain(f"{answer.title}: {answer.requirement}"),
        "props": [_prop("clause", answer.ref)],
        "remarks": "\n\n".join(map(plain, remarks)),
    }
    return requirement | ({"statements": statements} if statements else {})


def _statements(answer: GuideAnswer, owner: Owner, duties: Sequence[DutyView]) -> Iterator[Json]:
    for number, duty in enumerate(duties, 1):
        props = [_prop("statement", _STATEMENTS[owner]), _prop("kind", duty.kind.value)]
        if duty.as_of:
            props.append(_prop("as-of", duty.as_of))
        yield {
            "statement-id": f"{name_control(answer.ref)}_{_STATEMENTS[owner]}.{number}",
            "uuid": _id("statement", answer.guide, answer.ref, owner.value, str(number)),
            "description": plain(duty.text),
            "props": props,
            "responsible-roles": [{"role-id": _ROLES[owner]}],
            "remarks": plain(f"{duty.citation} [{place_duty(duty, 'en')}]"),
        }


def _rule_resource(rule: RegulationView) -> Json:
    known = f"{rule.issuer}. {rule.in_force} Revisions: {rule.revisions} (looked up {format_date(rule.checked, 'en')})."
    return {
        "uuid": _id("regulation", rule.id),
        "title": plain(f"{rule.id} {rule.title}"),
        "description": plain(known),
        "citation": {"text": plain(rule.source)},
    }


def _guide_resource(guide: GuideHead) -> Json:
    told = f"{guide.title}, edition {guide.edition} ({format_date(guide.date, 'en')})"
    return {"uuid": _id("guide", guide.id), "title": plain(guide.title), "citation": {"text": plain(told)}}


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": value}


def _id(*parts: str) -> str:
    return str(uuid5(_IDS, "\n".join(parts)))
