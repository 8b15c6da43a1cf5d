"""What is wrong with a questionnaire is said in English and Traditional Chinese: no sentence has but one language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.review import problems, reading
from bot.review.columns import say_unknown
from bot.review.model import Columns, ReviewError
from bot.review.problems import CHINESE
from bot.review.reading import open_questionnaire

MODULES = sorted(Path(reading.__file__).parent.glob("*.py"))


def list_sentences() -> Iterator[tuple[str, set[str]]]:
    """Each sentence that an error is made of in the code of reviews, with the names of its values."""
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ReviewError"):
                continue
            said, values = node.args[0], {str(each.arg) for each in node.keywords}
            if isinstance(said, ast.Constant):
                yield str(said.value), values
            elif isinstance(said, ast.Name):
                yield str(getattr(problems, said.id)), values
            else:  # composed of what a file is and how to save it
                assert "_SAVE_AS" in ast.unparse(said)
    yield from ((f"The file is {each}.", set()) for each in reading._SAVE_AS.values())


def test_every_sentence_has_its_chinese_with_the_same_values() -> None:
    """No error is raised whose sentence is not in the table; both languages find their values, and nothing is left."""
    sentences = dict(list_sentences())
    assert set(sentences) == set(CHINESE)
    for sentence, values in sentences.items():
        told = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        chinese = {name for _, name, _, _ in Formatter().parse(CHINESE[sentence]) if name}
        assert told == values
        assert chinese <= values
        assert re.search(r"[\u4e00-\u9fff]", CHINESE[sentence])


@pytest.mark.parametrize(
    ("content", "name", "english", "chinese"),
    [
        (
            b"PK\x03\x04 nothing",
            "v.xlsx",
            "The workbook (.xlsx) is damaged: ",
            "檔案已損壞。請用 Office 開啟後重新儲存。",
        ),
        (b"A,B\n1,2\n", "v.csv", "No questions were found", "檔案中找不到問題。請以「問題」作欄名，或指明欄位。"),
        (b"plain", "v.docx", "The file is named .docx, but", "檔案名為 .docx，內容卻是純文字。請改名為 .csv 或 .txt，"),
        (b"%PDF-1.7", "v.txt", "The file is a PDF.", "檔案是 PDF。請把問卷另存為 .xlsx、.docx 或 .csv。"),
    ],
)
def test_a_bad_file_is_told_in_either_language(content: bytes, name: str, english: str, chinese: str) -> None:
    """The same error says it in the reader's language."""
    with pytest.raises(ReviewError) as raised:
        open_questionnaire(content, name)
    assert str(raised.value).startswith(english)
    assert raised.value.tell("en") == str(raised.value)
    assert raised.value.tell("zh-Hant").startswith(chinese)


def test_what_people_wrote_is_no_sentence_to_fill_in() -> None:
    """Braces in a heading or in a channel's own words stay as they are."""
    error = say_unknown(Columns(question="{0}"), ["{named}", "Ref"])
    assert "“{0}”" in str(error)
    assert error.tell("zh-Hant") == "沒有表格具有欄位 “{0}”。現有欄位：“{named}”, “Ref”；亦可用字母或編號。"
    assert ReviewError("OneDrive {says} no.").tell("zh-Hant") == "OneDrive {says} no."
