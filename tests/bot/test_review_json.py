"""JSON comes back as it was, with an object of Clausebot's in each question's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fakes.reviews import SUMMARY, answer, fill
from hypothesis import given
from hypothesis import strategies as st

from bot.review.json_file import JsonFile
from bot.review.json_tree import Node, parse_json
from bot.review.model import ADDED, Columns, Fill, ReviewError

NESTED = """{
   "version": 1.50, "big": 12345678901234567890, "note": "caf\\u00e9 \\/",
   "sections": [
      {
         "title": "Data",
         "questions": [
            {"id": "D1", "questionText": "Backups daily?", "vendorAnswer": null, "answerOptions": ["Yes", "No"]},
            {
               "questionId": "D2",
               "questionText": "Encryption at rest",
               "vendorAnswer": "Partly"
            }
         ]
      }
   ]
}
"""


def find(text: bytes, wanted: str) -> list[dict[str, Any]]:
    """Every object of a name in a JSON text."""
    found: list[dict[str, Any]] = []
    json.loads(text, object_hook=lambda held: found.append(held[wanted]) or held if wanted in held else held)
    return found


def test_objects_are_asked_by_their_keys() -> None:
    """The key of the question is recognised at any depth, with the choices and what is answered already."""
    first, second = JsonFile(NESTED.encode()).questions
    assert (first.place, first.row, first.text) == ("sections[1].questions", 1, "Backups daily?")
    assert (first.choices, first.given) == (("Yes", "No"), "")
    assert (second.row, second.text, second.choices, second.given) == (2, "Encryption at rest", (), "Partly")


def test_everything_else_stays_as_it_was_written() -> None:
    """Numbers, escapes, order and layout: without what was added, the text is the same."""
    back = fill(JsonFile(NESTED.encode())).decode()
    held = json.loads(back)
    first, second = held["sections"][0]["questions"]
    assert list(first) == ["id", "questionText", "vendorAnswer", "answerOptions", "clausebot"]
    assert list(first["clausebot"]) == [field for field, _ in ADDED]
    assert first["clausebot"]["comment"] == answer(0).comment
    assert (first["vendorAnswer"], second["vendorAnswer"]) == ("No", "Partly")
    assert list(held)[-1] == "clausebot"
    assert held["clausebot"]["summary"]["title"] == "Draft"
    assert held["clausebot"]["summary"]["lines"][0] == {"heading": "Guide", "text": "Quaymoth Cloud 1.0, 2021-04"}
    bare = re.sub(
        r',\s*"clausebot": (\{(?:[^{}"]|"(?:[^"\\]|\\.)*"|\{(?:[^{}"]|"(?:[^"\\]|\\.)*"|\{[^{}]*\})*\})*\})', "", back
    )
    assert bare.replace('"vendorAnswer": "No"', '"vendorAnswer": null') == NESTED


def test_what_is_added_is_laid_out_as_its_surroundings() -> None:
    """Indented by the same blanks where the object is, in one line where it is in one."""
    back = fill(JsonFile(NESTED.encode())).decode()
    deep = "\n" + 15 * " "
    assert f'{deep}"vendorAnswer": "Partly",{deep}"clausebot": {{{deep}   "answer": "Yes",{deep}   "comment"' in back
    assert '"answerOptions": ["Yes", "No"], "clausebot": {"answer": "No", ' in back
    tabs = fill(JsonFile(b'[\n\t"Is it safe?"\n]')).decode()
    assert tabs.startswith('[\n\t{\n\t\t"question": "Is it safe?",\n\t\t"clausebot": {\n\t\t\t"answer": "No",')
    assert fill(JsonFile(b'{"question":"Is it safe?"}')).decode().startswith('{"question":"Is it safe?","clausebot":{')


def test_strings_become_objects() -> None:
    """An array of strings: each becomes an object with the question; the last item holds the summary alone."""
    content = '["Do you back up data?", "Staff \\"vetted\\"", "是否加密？"]'.encode()
    questionnaire = JsonFile(content)
    assert [question.text for question in questionnaire.questions] == [
        "Do you back up data?",
        'Staff "vetted"',
        "是否加密？",
    ]
    back = fill(questionnaire)
    *items, last = json.loads(back)
    assert [item["question"] for item in items] == json.loads(content)
    assert [item["clausebot"]["status"] for item in items] == ["answered", "answered", "needs a person"]
    assert list(last) == ["clausebot"]
    assert "是否加密？".encode() in back


@pytest.mark.parametrize(
    "text",
    [
        NESTED,
        '["Do you back up data?"]',
        '[\r\n  {"question": "Is it safe?", "answer": ""}\r\n]\r\n',
        '{"questions": ["Is it safe?", "Who tests it?"]}',
        '{"question": "Is it safe?"}',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_came_back_is_renewed(text: str, codec: str) -> None:
    """The same again gives the same bytes, and the same questions; line ends and encoding stay."""
    back = fill(JsonFile(text.encode(codec)))
    assert JsonFile(back).questions == JsonFile(text.encode(codec)).questions
    assert fill(JsonFile(back)) == back
    json.loads(back.decode(codec))
    assert back.decode(codec).count("\n") == back.decode(codec).count("\r\n" if "\r\n" in text else "\n")


def test_a_persons_object_stays_and_is_read_back() -> None:
    """An object with a reviewer's name is left alone; the others are renewed, with the answers put there before."""
    content = b'[{"question": "Is it safe?", "answer": ""}, {"question": "Who tests it?", "answer": ""}]'
    edited = fill(JsonFile(content)).replace(b'"reviewer": ""', b'"reviewer": "M. L."', 1)
    first, second = JsonFile(edited).read_reviewed()
    assert (first.question, first.given, first.answer, first.reviewer) == ("Is it safe?", "No", "No", "M. L.")
    assert (second.row, second.given, second.reviewer, second.status) == (2, "Yes", "", "answered")
    questionnaire = JsonFile(edited)
    assert [question.given for question in questionnaire.questions] == ["No", ""]
    renewed = json.loads(questionnaire.fill((Fill(), Fill()), SUMMARY))
    assert [item.get("answer") for item in renewed] == ["No", "", None]
    assert renewed[0]["clausebot"]["answer"] == "No"
    assert JsonFile(content).read_reviewed() == []


def test_named_keys_are_taken_and_wrong_ones_said() -> None:
    """Columns name keys here."""
    content = b'[{"nr": 1, "wording": "Backups daily", "ours": ""}]'
    with pytest.raises(ReviewError, match="No questions"):
        JsonFile(content)
    back = json.loads(fill(JsonFile(content, Columns(question="Wording", answer="ours"))))
    assert back[0]["ours"] == "No"
    (row,) = JsonFile(json.dumps({"title": "Review", "items": back}).encode()).read_reviewed()
    assert (row.place, row.question, row.answer) == ("items", "Backups daily", "No")
    with pytest.raises(ReviewError, match=r"“Inquiry”.*wording"):
        JsonFile(content, Columns(question="Inquiry"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"question": "Is it?", "question": "Who?"}', "line 1, column 24: the key “question” stands twice"),
        ('[\n{"question": NaN}]', "line 2, column 14: NaN"),
        ("[-Infinity]", "Infinity"),
        ("[1,]", "line 1, column 4"),
        ('["Is it?"', "ends too early"),
        ('["Is it?]', "string"),
        ('["Is\nit?"]', "string"),
        ("[01]", "column 2"),
        ("['a']", "column 2"),
        ('{"a" 1}', "a colon is missing"),
        ("{a: 1}", "a key is missing"),
        ("[] []", "something follows"),
        ("[" * 100_000, "deeper than 60"),
        ('{"a":' * 100_000, "deeper than 60"),
        ("[" + "0," * 500_000 + "0]", "500,000 values"),
        ("{}", "No questions"),
        ("[]", "No questions"),
        ('"Is it?"', "No questions"),
        ('[{"name": "x"}]', "No questions"),
    ],
)
def test_bad_files_are_refused_with_a_place(text: str, said: str) -> None:
    """What is no JSON, is ambiguous, nests or holds too much, or asks nothing: one line each."""
    with pytest.raises(ReviewError, match=re.escape(said)) as refused:
        JsonFile(text.encode())
    assert "\n" not in str(refused.value)


def test_half_a_sign_becomes_a_sign() -> None:
    """An escape of half a surrogate pair, which is no text, is asked as the sign for what can't be read."""
    (question,) = JsonFile(b'["Is \\ud83d it \\ud83d\\ude00?"]').questions
    assert question.text == "Is \ufffd it \U0001f600?"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_every_json_is_read_as_python_reads_it(value: Any, escaped: bool, indent: int | None) -> None:
    """The tree holds what Python's own reader finds, and every value's place."""
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)

    def read(node: Node) -> Any:
        raw = json.loads(text[node.start : node.end])
        if node.kind == "object":
            assert [json.loads(text[a:b]) for a, b in zip(node.key_starts, node.key_ends, strict=True)] == node.keys
            return {key: read(item) for key, item in zip(node.keys, node.items, strict=True)}
        return [read(item) for item in node.items] if node.kind == "array" else raw

    assert read(parse_json(text)) == value
