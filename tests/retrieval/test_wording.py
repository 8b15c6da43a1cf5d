"""The fixed words of answers: how sentences stand beside each other in each language."""

from __future__ import annotations

import re

from bench.questions import load_questions
from retrieval.answerer import Answerer
from retrieval.wording import join_sentences

# A space behind a mark that brings its own, or between two characters; a dash between spaces is none.
_STRAY = re.compile(r"[。，、；：！？）」』] +[^—\s]|[\u3400-\u9fff] +[\u3400-\u9fff]")


def test_sentences_are_joined_as_their_language_does() -> None:
    """Full-width marks bring their own space; an English sentence inside a Chinese answer keeps its space."""
    assert join_sentences(["The customer.", "", "Provider: Helps."], "en") == "The customer. Provider: Helps."
    told = ["由客戶負責。", "", "客戶：Keeps copies.", "供應商：Helps."]
    assert join_sentences(told, "zh-Hant") == "由客戶負責。客戶：Keeps copies. 供應商：Helps."


def test_no_chinese_answer_has_a_stray_space(answerer: Answerer, two_guides: Answerer) -> None:
    """No Chinese answer to a gold question has a space behind a full-width mark, in a conversation or out of it."""
    asked = [gold.question for gold in load_questions() if gold.lang == "zh-Hant"]
    asked += ["GL8 5.1 同 GL99 7", "GL8 99 同 GL14 88"]
    asked += ["bakcup 由邊個負責", "你哋能否保證備份？", "GL8 5.1(c) 在第幾頁"]
    answers = [
        each.answer(question, context=context)
        for each in (answerer, two_guides)
        for question in asked
        for context in ((), ["GL8 5.1(c)"])
    ]
    chinese = [answer.message for answer in answers if answer.language == "zh-Hant"]
    assert len(chinese) > 300
    assert [found[0] for message in chinese if (found := _STRAY.search(message))] == []
