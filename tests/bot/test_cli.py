"""The command line as people and programs use it: real processes, their output, their exit status."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

FIXTURES = Path(__file__).parents[1] / "fixtures"
GUIDES = FIXTURES / "guides"
INVENTED = "quaymoth-cloud-hk-insurance-2021"
REAL = "alibaba-cloud-hk-insurance-2019"
SOURCE = FIXTURES / "sources" / f"{INVENTED}.txt"
CLAUSEBOT = Path(sys.executable).parent / "clausebot"
QUESTION = "who handles backups under GL8 5.1(c)?"

TOP: dict[str, Any] = {
    "question": str,
    "language": str,
    "outcome": str,
    "ownership": str,
    "clauses": list,
    "closest": list,
    "message": str,
    "confidence": dict,
    "corpus": dict,
}
CLAUSE: dict[str, Any] = {
    "ref": str,
    "guide": str,
    "section": str,
    "pages": list,
    "title": str,
    "requirement": str,
    "ownership": str,
    "score": float | int | None,
    "duties": list,
    "errata": list,
    "updates": list,
    "see_also": list,
}
DUTY: dict[str, Any] = {
    "owner": str,
    "kind": str,
    "text": str,
    "relevant": bool,
    "quote": str | None,
    "citation": str,
    "anchors": list,
}
ANCHOR = {"section": str, "row": str | None, "paragraph": int, "sentences": list, "pages": list}
CLOSEST = {"ref": str, "guide": str, "title": str, "section": str}
CONFIDENCE = {"value": float | int, "band": str, "matched": list, "unknown": list}
CORPUS = {"guide": str, "edition": str, "sha256": str, "source_attached": bool}


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without any setting of Clausebot's or of a terminal's, and with these."""
    ours = re.compile("CLAUSEBOT_|SLACK_|COLUMNS$|LINES$|NO_COLOR$|FORCE_COLOR$|TTY_")
    return {name: value for name, value in os.environ.items() if not ours.match(name)} | dict(settings)


def run(*arguments: str | bytes | Path, stdin: bytes = b"", **settings: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `clausebot` with these arguments, standard input and variables (``guides=…``, ``sources=…``)."""
    variables = {f"CLAUSEBOT_{name.upper()}": str(value) for name, value in settings.items()}
    done = subprocess.run(
        [CLAUSEBOT, *arguments], input=stdin, capture_output=True, env=environment(variables), check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def ask(*arguments: str | bytes | Path, **settings: Any) -> dict[str, Any]:
    """The answer that `clausebot ask --json` prints."""
    done = run("ask", "--json", *arguments, **settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def check_keys(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Every key of the contract is there, with its type; further ones may be."""
    assert set(expected) <= set(found)
    for key, kind in expected.items():
        assert isinstance(found[key], kind), key
        assert kind is bool or not isinstance(found[key], bool), key


def check_contract(answer: Mapping[str, Any]) -> None:
    """The whole answer has the keys and types that other programs rely on."""
    check_keys(answer, TOP)
    check_keys(answer["confidence"], CONFIDENCE)
    check_keys(answer["corpus"], CORPUS)
    assert answer["outcome"] in {"answered", "no_such_clause", "not_covered", "clarify"}
    assert answer["language"] in {"en", "zh-Hant"}
    assert answer["confidence"]["band"] in {"high", "medium", "low"}
    assert 0 <= answer["confidence"]["value"] <= 1
    assert re.fullmatch(r"[0-9a-f]{64}", answer["corpus"]["sha256"])
    ownerships = {"csp_owned", "csc_owned", "shared", "third_party", "none"}
    for closest in answer["closest"]:
        check_keys(closest, CLOSEST)
    for clause in answer["clauses"]:
        check_keys(clause, CLAUSE)
        assert {answer["ownership"], clause["ownership"]} <= ownerships
        for duty in clause["duties"]:
            check_keys(duty, DUTY)
            assert duty["owner"] in {"csp", "csc", "third_party"}
            assert duty["kind"] in {"obligation", "service", "evidence"}
            for anchor in duty["anchors"]:
                check_keys(anchor, ANCHOR)


def test_ask_prints_plain_text_where_there_is_no_terminal() -> None:
    """Into a pipe goes the answer's message: who carries it, each party's duties, where it is written."""
    done = run("ask", QUESTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip("\n") == ask(QUESTION)["message"].rstrip("\n")
    assert "GL8 5.1(c)" in done.stdout
    assert "section 5.1, row c" in done.stdout
    assert "\x1b" not in done.stdout


def test_words_may_stand_apart() -> None:
    """A question needs no quotes."""
    assert ask(*QUESTION.split(" ")) == ask(QUESTION)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (QUESTION, "answered"),
        ("GL8 5.1(c) 備份由誰負責?", "answered"),
        ("GL14 5.99", "no_such_clause"),
        ("what is the price of a virtual machine?", "not_covered"),
        ("help", "clarify"),
        ("?", "clarify"),
    ],
)
def test_json_keeps_the_contract(question: str, outcome: str) -> None:
    """Whatever the outcome, the status is 0 and the one JSON object has the contract's keys and types."""
    answer = ask(question)
    check_contract(answer)
    assert (answer["question"], answer["outcome"]) == (question, outcome)
    assert bool(answer["clauses"]) == (outcome == "answered")
    assert answer["language"] == ("zh-Hant" if "備" in question else "en")


def test_the_contracts_example() -> None:
    """Backing up is the customer's, the clause is shared: the ownership on top is that of the duties that answer."""
    answer = ask(QUESTION)
    clause = answer["clauses"][0]
    assert (clause["ref"], clause["guide"], clause["section"], clause["pages"]) == ("GL8 5.1(c)", REAL, "5.1", [9, 10])
    assert (answer["ownership"], clause["ownership"]) == ("csc_owned", "shared")
    assert {duty["owner"] for duty in clause["duties"] if duty["relevant"] and duty["kind"] == "obligation"} == {"csc"}


def test_same_question_same_bytes() -> None:
    """Two processes print the same bytes."""
    assert run("ask", "--json", QUESTION).stdout == run("ask", "--json", QUESTION).stdout


QUESTIONS = [QUESTION, "GL14 5.16", "", "GL14 5.99", "備份由誰負責?"]
PLAIN = "\n".join(QUESTIONS).encode() + b"\n"
OBJECTS = "".join(json.dumps({"question": question}) + "\n" for question in QUESTIONS).encode()


@pytest.mark.parametrize("lines", [PLAIN, OBJECTS, PLAIN.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + PLAIN])
def test_jsonl_answers_a_file_line_by_line(tmp_path: Path, lines: bytes) -> None:
    """Each line, as text or JSON, gets one JSON object, in order, and nothing else is printed."""
    (tmp_path / "questions.jsonl").write_bytes(lines)
    done = run("ask", "--jsonl", tmp_path / "questions.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == QUESTIONS
    for answer in answers:
        check_contract(answer)


@pytest.mark.parametrize("arguments", [["-"], []])
@pytest.mark.parametrize("lines", [PLAIN, OBJECTS])
def test_jsonl_answers_standard_input(lines: bytes, arguments: Sequence[str]) -> None:
    """So does each line of standard input, named by a dash or not named."""
    done = run("ask", "--jsonl", *arguments, stdin=lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["question"] for line in done.stdout.splitlines()] == QUESTIONS


def test_jsonl_answers_as_json_does() -> None:
    """A line's answer is the single question's answer, byte for byte."""
    assert run("ask", "--jsonl", stdin=QUESTION.encode()).stdout == run("ask", "--json", QUESTION).stdout


def test_jsonl_takes_the_conversation_so_far() -> None:
    """A line may bring the references that were spoken of before; a line without them stands alone."""
    follow_up = {"question": "and who tests it?", "context": ["GL14 5.17"]}
    done = run("ask", "--jsonl", stdin=(json.dumps(follow_up) + "\n").encode())
    (answer,) = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, done.stderr, answer["question"]) == (0, "", "and who tests it?")


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ('{"question": ', "line 2: is no JSON object; answered as plain text"),
        ('{"q": "GL8 5.1(c)"}', 'line 2: its JSON object has no text under "question"; answered as plain text'),
        ('{"question": 5}', 'line 2: its JSON object has no text under "question"; answered as plain text'),
        ('{"question": "x", "context": "GL8"}', 'line 2: "context" is no list of references; answered as plain text'),
        ("{" * 100_000, "line 2: is no JSON object; answered as plain text"),
    ],
)
def test_a_bad_line_is_warned_of_and_answered(line: str, warning: str) -> None:
    """A JSON line that cannot be used gives a warning, and still its line of output in its place."""
    done = run("ask", "--jsonl", stdin=f"GL8 5.1(a)\n{line}\nGL8 5.1(b)\n".encode())
    assert (done.returncode, done.stderr) == (0, f"clausebot: {warning}\n")
    answers = [json.loads(answer) for answer in done.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == ["GL8 5.1(a)", line, "GL8 5.1(b)"]


def test_bytes_that_are_no_text() -> None:
    """Invalid UTF-8 on the command line or in a line is answered, with a mark in place of what cannot be read."""
    done = run("ask", "--json", b"GL8 5.1(c) \xff\xfe")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["clauses"][0]["ref"] == "GL8 5.1(c)"
    done = run("ask", "--jsonl", stdin=b"GL8 5.1(c) \xff\n\x00\n")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 2)
    assert json.loads(done.stdout.splitlines()[0])["question"] == "GL8 5.1(c) \ufffd"


def test_a_lone_surrogate_in_json() -> None:
    """Half of an emoji, as broken programs send it, is answered and printed as a question mark."""
    done = run("ask", "--jsonl", stdin=b'{"question": "GL8 5.1(c) \\ud83d"}\n')
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["question"] == "GL8 5.1(c) ?"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], 'no question; ask one, such as: clausebot ask "who handles backups under GL8 5.1(c)?"'),
        (["ask", "  "], 'no question; ask one, such as: clausebot ask "who handles backups under GL8 5.1(c)?"'),
        (["ask", "--jsonl", "a", "b"], "--jsonl takes one file, or - for standard input"),
        (["ask", "--jsonl", "missing.txt"], "missing.txt cannot be read: No such file or directory"),
        (["ask", "--jsonl", "."], ". cannot be read: Is a directory"),
        (["ask", "--loud", "x"], "No such option: --loud; see clausebot --help"),
        (["ask", "--source"], "Option '--source' requires an argument; see clausebot --help"),
        (["answer", "x"], "No such command 'answer'; see clausebot --help"),
        (["corpus", "split"], "Missing argument 'file'; see clausebot --help"),
        (["corpus", "split", "missing.txt"], "missing.txt cannot be read: No such file or directory"),
        (["corpus", "check", "--source", "missing"], "missing does not exist; name the guide's text, or a folder that"),
    ],
)
def test_unusable_arguments(arguments: Sequence[str], message: str) -> None:
    """Status 2, one line on standard error, nothing on standard output."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"clausebot: {message}")
    assert done.stderr.count("\n") == 1


def test_the_version_is_told() -> None:
    """`clausebot --version` names the program and the version that is installed."""
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"clausebot {version('clausebot')}\n", "")


def test_no_command_prints_help() -> None:
    """Without a command the help is shown, as for an error; --help is none."""
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: clausebot" in done.stderr
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert {"ask", "serve", "corpus"} <= set(done.stdout.split())


BARE = 'clauses:\n- {ref: 5.10, title: x, section: "5.1", requirement: {text: x, at: 5.1 ¶1 s1}}\n'


@pytest.mark.parametrize(
    ("command", "file", "text", "message"),
    [
        (["ask", "x"], "gl8.yaml", BARE, ":2: clauses.0.ref: Input should be a valid string; quote it"),
        (["ask", "--json", "x"], "gl8.yaml", "clauses: ]\n", ":1: is not YAML: did not find expected node content"),
        (["ask", "--jsonl", "-"], "guide.yaml", "guide: {}\n", ":1: guide.pack: is missing; add it"),
        (["corpus", "check"], "gl8.yaml", BARE, ":2: clauses.0.ref: Input should be a valid string; quote it"),
    ],
)
def test_a_corpus_that_does_not_load(
    tmp_path: Path, command: Sequence[str], file: str, text: str, message: str
) -> None:
    """Status 2, nothing on standard output, and one line with file, line and what to do."""
    shutil.copytree(GUIDES / INVENTED, tmp_path / "pack")
    (tmp_path / "pack" / file).write_text(text, encoding="utf-8")
    done = run(*command, guides=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"clausebot: pack/{file}{message}")
    assert done.stderr.count("\n") == 1


def test_a_folder_of_guides_that_is_not_there(tmp_path: Path) -> None:
    """A wrong setting is told by its value, and nothing is answered from the guides that are there."""
    done = run("ask", "x", guides=tmp_path / "missing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("missing: is no folder; name one that holds a folder for each guide\n")


@pytest.mark.parametrize("place", [SOURCE, SOURCE.parent])
def test_quotes_with_a_source(place: Path) -> None:
    """With the source attached, by option or variable, every duty comes with the source's own words."""
    answer = ask("GL14 5.9", "--source", place, guides=GUIDES)
    assert answer == ask("GL14 5.9", guides=GUIDES, sources=place)
    assert answer["corpus"]["source_attached"] is True
    (clause,) = answer["clauses"]
    quotes = [duty["quote"] for duty in clause["duties"]]
    assert "A customer must do so at every renewal and whenever our ownership changes." in quotes
    assert all(quotes)


def test_a_source_that_cannot_be_attached(tmp_path: Path) -> None:
    """The answer comes all the same, without quotes; a line on standard error says why."""
    for place, said in [
        (tmp_path / "missing", "does not exist; answering without quotes"),
        (tmp_path, "holds no .txt file; answering without quotes"),
    ]:
        for done in (
            run("ask", "--json", "GL14 5.16", "--source", place),
            run("ask", "--json", "GL14 5.16", sources=place),
        ):
            assert done.returncode == 0
            assert done.stderr.startswith("clausebot: source ")
            assert done.stderr.rstrip("\n").endswith(said)
            answer = json.loads(done.stdout)
            assert answer["corpus"]["source_attached"] is False
            assert {duty["quote"] for clause in answer["clauses"] for duty in clause["duties"]} == {None}


def test_two_guides_answer_side_by_side() -> None:
    """A clause that both guides answer comes from both, each with its own duties, provider and citation."""
    answer = ask("GL14 5.8(e)", guides=GUIDES)
    check_contract(answer)
    first, second = answer["clauses"][:2]
    assert [(clause["ref"], clause["guide"]) for clause in (first, second)] == [
        ("GL14 5.8(e)", REAL),
        ("GL14 5.8(e)", INVENTED),
    ]
    for clause, title, edition in (
        (first, "Alibaba Cloud User Guide", "1.0 (March 2019)"),
        (second, "Quaymoth Cloud Answer Book", "2.1 (September 2021)"),
    ):
        for duty in clause["duties"]:
            assert duty["citation"].startswith(title)
            assert f"edition {edition}, section 6.1, row e" in duty["citation"]
    assert answer["corpus"]["guide"] == f"{REAL}, {INVENTED}"
    assert answer["corpus"]["sha256"] != ask("GL14 5.8(e)")["corpus"]["sha256"]


def test_a_clause_that_only_one_guide_answers() -> None:
    """A clause that the built-in guide leaves out is answered by the other, and missing without it."""
    answer = ask("GL14 5.9", guides=GUIDES)
    assert [clause["guide"] for clause in answer["clauses"]] == [INVENTED]
    assert answer["ownership"] == "shared"
    assert ask("GL14 5.9")["outcome"] == "no_such_clause"


def test_corpus_check() -> None:
    """The packs are checked, with the sources at hand: status 0 and no problems, 1 for a text of no guide."""
    done = run("corpus", "check", guides=GUIDES, sources=SOURCE.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "221 of 221 anchors verified" in done.stdout
    assert done.stdout.endswith("\n0 problems\n")
    done = run("corpus", "check", "--source", SOURCE)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{SOURCE.name} is the text of no loaded guide" in done.stdout
    assert done.stdout.endswith("\n1 problem\n")


def test_corpus_check_with_a_broken_ledger(tmp_path: Path) -> None:
    """A ledger that cannot be read is told in a line, as any other file."""
    shutil.copytree(GUIDES / INVENTED, tmp_path / "pack")
    (tmp_path / "pack" / "sentences.yaml").write_text("sentences: [", encoding="utf-8")
    done = run("corpus", "check", guides=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("clausebot: pack/sentences.yaml:")
    assert done.stderr.count("\n") == 1


def test_corpus_split() -> None:
    """A guide's text is printed as a draft, in either form."""
    done = run("corpus", "split", SOURCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# A draft pack")
    done = run("corpus", "split", SOURCE, "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert "GL14 5.9" in [json.loads(line)["ref"] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    "command",
    [
        ["ask", QUESTION],
        ["ask", "--jsonl", "-"],
        ["ask", "--jsonl", str(SOURCE)],
        ["corpus", "check"],
        ["corpus", "split", str(SOURCE)],
    ],
)
def test_a_reader_that_leaves(command: Sequence[str]) -> None:
    """When the reader of a pipe goes (``| head -1``), nothing is printed about it."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [CLAUSEBOT, *command],
            input=PLAIN * 20,
            stdout=write,
            stderr=subprocess.PIPE,
            env=environment({}),
            check=False,
        )
    finally:
        os.close(write)
    assert done.stderr == b""
    assert done.returncode == 0 or command[0] == "corpus"


def run_in_terminal(columns: int, *arguments: str | Path, **settings: str | Path) -> str:
    """What `clausebot` writes to a terminal of that width."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    variables = {f"CLAUSEBOT_{name.upper()}": str(value) for name, value in settings.items()}
    running = subprocess.Popen(
        [CLAUSEBOT, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        env=environment({**variables, "TERM": "xterm-256color"}),
    )
    os.close(terminal)
    written = bytearray()
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            # The other side is closed: the process has ended.
            break
        if not part:
            break
        written += part
    os.close(main)
    _, complaints = running.communicate()
    assert (running.returncode, complaints) == (0, b"")
    return written.decode()


@pytest.mark.parametrize("columns", [60, 120])
@pytest.mark.parametrize("question", [QUESTION, "GL14 5.8(e)", "GL8 5.1(c) 備份由誰負責?", "GL14 5.99", "help"])
def test_a_terminal_shows_a_card(columns: int, question: str) -> None:
    """In a terminal the answer is a card in a frame, and no line is wider than the terminal."""
    shown = run_in_terminal(columns, "ask", question, guides=GUIDES)
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r\n", "\n").split("\n")
    assert [line for line in lines if cell_len(line) > columns] == []
    assert any(line.startswith("╭") for line in lines)
    assert "\x1b[" in shown


def test_a_wide_terminal_shows_the_parties_side_by_side() -> None:
    """Both parties' headings share a line where there is room, and stand one under the other where there is none."""
    heading = re.compile(r"Provider \(Quaymoth Cloud\) +Customer")
    wide = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", run_in_terminal(120, "ask", "GL14 5.16", guides=GUIDES))
    assert heading.search(wide)
    narrow = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", run_in_terminal(60, "ask", "GL14 5.16", guides=GUIDES))
    assert not heading.search(narrow)
    assert "Provider (Quaymoth Cloud)" in narrow


def test_json_in_a_terminal_is_json() -> None:
    """Asked for JSON, a terminal gets the same line as a pipe."""
    shown = run_in_terminal(60, "ask", "--json", QUESTION).replace("\r\n", "\n")
    assert shown == run("ask", "--json", QUESTION).stdout
