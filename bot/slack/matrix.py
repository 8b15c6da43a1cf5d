"""The responsibility matrix as a message: who carries each clause, at a glance. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.links import Links
from bot.parts import count_carriers, name_carrier
from bot.phrases import PHRASES
from bot.review.matrix import MatrixClause, ResponsibilityMatrix
from bot.slack.blocks import Message
from bot.slack.mrkdwn import Block, context, cut, escape, fill, link, mrkdwn, plain, section
from retrieval.wording import MARKS, Language, bracket

# Slack takes 100 rows, one of them the heading, and 10,000 characters in a table; guides side by side, and pages that
# are linked.
_MOST_CLAUSES = 99
_LONGEST_TABLE = 6000
_MOST_GUIDES = 4
_MOST_LINKS = 6

# Characters: of a clause's name and of a provider's; of a heading; of a guide's line; of all lines under a table.
_LONGEST_NAME = 100
_LONGEST_PROVIDER = 40
_LONGEST_TITLE = 200
_LONGEST_LINE = 250
_LONGEST_LINES = 2500


@dataclass(frozen=True, slots=True)
class _Words:
    page: str
    workbook: str


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        page="Every duty of {name}",
        workbook="The responsibility matrix as a workbook.",
    ),
    "zh-Hant": _Words(
        page="{name} 的每項責任",
        workbook="責任矩陣的試算表。",
    ),
}


def render_matrix(matrix: ResponsibilityMatrix, language: Language, *, links: Links | None = None) -> Message:
    """Each clause with who carries it, as a table; where a table has no room for all, the rest is counted.

    Args:
        matrix: of one regulation or several, by one guide or several.
        language: of labels and fixed sentences.
        links: the pages' addresses, if they can be reached: each regulation has its matrix there.
    """
    phrases = PHRASES[language]
    names = MARKS[language].between.join(dict.fromkeys(each.ref.partition(" ")[0] for each in matrix.clauses))
    title = phrases.matrix_title.format(names=names)
    heading = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    lines = [cut(line, _LONGEST_LINE) for line in _count(matrix, language)]
    left = len(matrix.clauses) - _MOST_CLAUSES
    rest = [context(plain(phrases.more_clauses.format(count=left)))] if left > 0 else []
    pages = _link(matrix, links, language)
    blocks: list[Block] = [
        section(mrkdwn(f"*{escape(heading)}*")),
        section(mrkdwn(fill(lines, _LONGEST_LINES, "… +{count}"))),
        _draw_table(matrix, language),
        *rest,
        *([section(mrkdwn(" · ".join(pages)))] if pages else []),
        context(plain(phrases.matrix_notice)),
    ]
    return Message(f"{escape(heading)}\n" + "\n".join(lines), blocks)


def render_no_matrix(names: Sequence[str], language: Language) -> Message:
    """That no guide answers a regulation; ``names`` are those that are answered."""
    told = PHRASES[language].no_matrix.format(names=MARKS[language].between.join(names))
    return Message(escape(told), [section(plain(told))])


def tell_workbook(language: Language) -> str:
    """What stands above the matrix as a workbook, as mrkdwn."""
    return escape(_WORDS[language].workbook)


def render_workbook(language: Language) -> Message:
    """What the matrix as a workbook is put under."""
    told = _WORDS[language].workbook
    return Message(told, [section(plain(told))])


def _count(matrix: ResponsibilityMatrix, language: Language) -> Iterator[str]:
    """Each guide, and how many clauses each party carries by it."""
    for guide in matrix.guides:
        carried = (answer.ownership for answer in matrix.answers if answer.guide == guide.id)
        yield f"{guide.provider}{MARKS[language].colon}{count_carriers(carried, language)}"


def _draw_table(matrix: ResponsibilityMatrix, language: Language) -> Block:
    phrases = PHRASES[language]
    guides, clauses = matrix.guides[:_MOST_GUIDES], matrix.clauses[:_MOST_CLAUSES]
    alone = len(matrix.guides) == 1
    heads = [
        phrases.column_clause,
        *(phrases.column_who if alone else _name_provider(each.provider) for each in guides),
    ]
    room = min(_LONGEST_NAME, _LONGEST_TABLE // max(len(clauses), 1) - 20 * len(guides))
    rows = [[_cell(head) for head in heads]]
    for clause in clauses:
        answers = {answer.guide: answer for answer in clause.answers}
        who = [
            name_carrier(answer.ownership, language) if answer else phrases.not_answered
            for answer in (answers.get(guide.id) for guide in guides)
        ]
        rows.append([_cell(text) for text in (_name(clause, room), *who)])
    return {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True}, *({} for _ in guides)]}


def _name_provider(provider: str) -> str:
    return cut(provider, _LONGEST_PROVIDER) if provider.strip() else "–"


def _name(clause: MatrixClause, room: int) -> str:
    title = clause.answers[0].title if clause.answers else ""
    return cut(f"{clause.ref} {title}", max(room, 20)).strip()


def _cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text}


def _link(matrix: ResponsibilityMatrix, links: Links | None, language: Language) -> list[str]:
    """The pages that show every duty, of each regulation by each guide."""
    if links is None:
        return []
    answered = dict.fromkeys((answer.guide, answer.ref.partition(" ")[0]) for answer in matrix.answers)
    providers = {each.id: bracket(each.provider, language) if len(matrix.guides) > 1 else "" for each in matrix.guides}
    return [
        link(links.regulation(guide, name), cut(_WORDS[language].page.format(name=f"{name}{providers[guide]}"), 100))
        for guide, name in list(answered)[:_MOST_LINKS]
    ]
