"""What is written beside a question: an answer only where the guide gives it, else nothing, and the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk import Desk
from bot.review.composing import Reviewer
from bot.review.model import Fill, Question, ReviewError
from bot.review.vocabulary import Meaning, read_meaning
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer

GUIDES = Path(__file__).parents[1] / "fixtures" / "guides"
SOURCES = GUIDES.parent / "sources"
REAL, INVENTED = "alibaba-cloud-hk-insurance-2019", "quaymoth-cloud-hk-insurance-2021"
YES_NO = ("Yes", "No", "N/A")
PARTLY = ("Compliant", "Partially compliant", "Non-compliant", "Not applicable")
OWNERS = ("CSP-owned", "CSC-owned", "Shared CSP and CSC", "Third-party outsourced", "N/A")

Ask = Callable[..., Fill]


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk with both guides, without sources."""
    return Desk(load_answerer(None, GUIDES)[0], Unrecorded())


@pytest.fixture(scope="module")
def ask(desk: Desk) -> Ask:
    """Ask the real guide alone."""
    reviewer = Reviewer(desk, [REAL])
    return lambda text, choices=(): reviewer.fill(Question(place="", row=1, text=text, choices=choices))


@pytest.fixture(scope="module")
def ask_both(desk: Desk) -> Ask:
    """Ask both guides."""
    reviewer = Reviewer(desk)
    return lambda text, choices=(): reviewer.fill(Question(place="", row=1, text=text, choices=choices))


@pytest.mark.parametrize(
    "text",
    [
        "Do you have a business continuity plan?",
        "Q17. Do you have a business continuity plan? (Y/N)",
        "Are business continuity plans reviewed at least annually?",
        "Does the vendor perform penetration testing at least every six months?",
        "Are you certified to ISO/IEC 27001?",
        "Do you have a SOC 2 Type II report?",
        "Do you comply with GDPR?",
        "Do you notify customers of security incidents?",
        "Do you use hardware security modules?",
        "Is sensitive data encrypted in applications?",
        "Do you have two availability zones within Hong Kong?",
        "The provider reviews its business continuity plans every year.",
    ],
)
def test_yes_stands_where_a_duty_says_the_deed_in_terms(ask: Ask, text: str) -> None:
    """A duty of the provider, or a fact that it states, that says the very deed bears out a yes."""
    fill = ask(text, YES_NO)
    assert (fill.answer, fill.status) == ("Yes", "answered")
    assert fill.clause
    assert "page" in fill.citation


@pytest.mark.parametrize(
    "text",
    [
        "Do you review business continuity plans every six months?",  # every year, says the guide
        "Do you perform monthly penetration tests?",
        "Are all business continuity plans reviewed every year?",
        "Do you have business continuity plans for pandemics?",
        "Are business continuity plans tested by an independent party?",
        "Are you certified to ISO 27001:2022?",
        "Do you hold a current ISO 27001 certificate?",
        "Are your sub-contractors certified to ISO 27001?",
        "Do you comply with PCI DSS 4.0?",
        "Do you have three availability zones within Hong Kong?",
        "Do you notify customers immediately of security incidents?",
        "Do you allow customers to perform penetration tests?",
        "Do customers perform penetration testing of your platform?",
        "Do you have security incidents?",
        "Have you had security incidents in the last year?",
        "Is unauthorized access to personal data possible?",
        "Do you use customer personal data for marketing?",
        "Do you encrypt data at rest and rotate keys every quarter?",
        "Do you own our data?",
        "Do you comply?",
        "Are you certified?",
        "What encryption key length is used?",
        "Do you not encrypt data?",
        "Does the vendor disclose customer data to third parties?",  # not but where the law demands it
        "Will you move our data outside of Hong Kong?",
        "Has the board of our company approved the outsourcing?",
        "Do you back up customer data?",  # the customer does
        "貴公司會否將客戶資料轉移到香港以外？",
        "有沒有保安事故？",
    ],
)
def test_nothing_is_chosen_where_it_does_not(ask: Ask, text: str) -> None:
    """Where no duty says just that, neither yes nor no is chosen; the comment tells what the guide has, or why not."""
    fill = ask(text, YES_NO)
    assert (fill.answer, fill.status) == ("", "needs a person")
    assert fill.comment


@pytest.mark.parametrize("choices", [(), YES_NO, PARTLY, OWNERS, ("0", "1", "2", "3")])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Do you hold cyber insurance?", "it never mentions insurance that the provider holds"),
        ("Are you FedRAMP authorized?", "it never mentions FedRAMP"),
        ("What colour is your logo?", "The guide does not answer this."),
        ("GL8 5.1(g) archives of signatures", "Closest, not an answer: GL8 5.1(f)"),
        ("Do you run a disaster recovery site in Singapore?", "Answered in part only: "),
        ("Security", "several clauses"),
        ("Do you comply with the PDPO?", "only the requirement speaks of it"),
    ],
)
def test_silence_is_left_blank_with_the_reason(ask: Ask, text: str, reason: str, choices: tuple[str, ...]) -> None:
    """What the guide does not answer gets no answer, whatever the file allows: no "No", no "N/A", no guess."""
    fill = ask(text, choices)
    assert (fill.answer, fill.status) == ("", "needs a person")
    assert reason in fill.comment


def test_a_dated_fact_says_as_of_when(ask: Ask) -> None:
    """A certificate bears out a yes only with the date of the guide beside it."""
    fill = ask("Are you certified to ISO 27001?", YES_NO)
    assert fill.answer == "Yes"
    assert "(as of March 2019)" in fill.comment
    assert ask("Are you certified to ISO 27001?").answer.startswith(
        "Yes. Provider: Is certified, globally, to ISO 27001"
    )


def test_a_customers_duty_is_told_as_what_remains(ask: Ask) -> None:
    """Backing up is the customer's: the comment says what the provider offers, and what remains with the customer."""
    fill = ask("Do you back up customer data?", YES_NO)
    assert fill.ownership == "CSC-owned"
    assert fill.clause == "GL8 5.1(c)"
    assert fill.comment.startswith("None of the allowed answers follows from the guide")
    assert "Provider (Alibaba Cloud): Offers various facilities" in fill.comment
    assert "Remains with the customer: Makes sure that its content is backed up properly." in fill.comment


@pytest.mark.parametrize(
    ("text", "choices", "expected"),
    [
        ("Who is responsible for backups?", OWNERS, "CSC-owned"),
        ("Who is responsible for backups?", ("Vendor", "Insurer", "Both"), "Insurer"),
        ("Who is responsible for patching the operating system?", ("Provider", "Customer", "Shared"), "Provider"),
        ("GL8 5.1(c)", OWNERS, "Shared CSP and CSC"),
        ("Do you perform penetration testing?", PARTLY, "Compliant"),
        ("Are penetration tests conducted regularly?", PARTLY, "Partially compliant"),
        ("Do you perform penetration testing?", (*YES_NO, "Shared", "Provider"), "Shared"),
        ("Do you back up customer data?", (*YES_NO, "Shared", "Provider", "Customer"), "Customer"),
        ("Will you move our data outside of Hong Kong?", (*YES_NO, "Shared", "Provider", "Customer"), ""),
        (
            "Do you have a business continuity plan?",
            ("3 - Fully implemented", "0 - Not implemented"),
            "3 - Fully implemented",
        ),
        ("Do you have a business continuity plan?", ("Yes", "Yes", "No"), ""),
        ("Do you have a business continuity plan?", ("0", "1", "2", "3"), ""),
        ("Who owns the data stored in the cloud?", OWNERS, ""),  # a fact, and nobody's obligation
        ("你們有沒有業務持續計劃？", ("是", "否", "不適用"), "是"),
        ("誰負責數據備份？", ("供應商", "客戶", "共同負責"), "客戶"),
    ],
)
def test_the_files_own_words_are_used(ask: Ask, text: str, choices: tuple[str, ...], expected: str) -> None:
    """An answer is one of those that the file allows, whatever it calls them, or none."""
    assert ask(text, choices).answer == expected


@pytest.mark.parametrize(
    ("choice", "meaning"),
    [
        ("Y", Meaning.YES),
        ("Fully met", Meaning.YES),
        ("Not implemented", Meaning.NO),
        ("2: Partially implemented", Meaning.PARTLY),
        ("CSC-owned", Meaning.CUSTOMER),
        ("不符合", Meaning.NO),
        ("N/A", None),
        ("Planned", None),
        ("Yes - planned", None),
        ("Largely compliant", None),
        ("3", None),
    ],
)
def test_what_an_allowed_answer_means(choice: str, meaning: Meaning | None) -> None:
    """Only what an answer plainly says counts; "N/A", plans and bare scores mean nothing here."""
    assert read_meaning(choice) is meaning


def test_any_text_gets_who_does_what(ask: Ask) -> None:
    """Where any answer will do, it says in a sentence or two which party does what."""
    fill = ask("Who is responsible for backups?")
    assert fill.answer == "The customer. Customer: Makes sure that its content is backed up properly."
    both = ask("Do you perform penetration testing?").answer
    assert both.startswith("Yes. Provider: Invites outside experts")
    assert " Customer: Carries out penetration tests" in both


def test_the_insurers_own_affairs_are_left_to_it(ask: Ask) -> None:
    """Whether the insurer did something is no question for the guide; what the guide lays down is told."""
    fill = ask("Have we notified the Insurance Authority of the material outsourcing?")
    assert fill.answer == ""
    assert fill.comment.startswith("Only the insurer can answer this")
    assert "Remains with the customer: " in fill.comment
    assert ask("Must the insurer notify policyholders of the outsourcing?").status == "answered"
    assert "Only the insurer" not in ask("Do customers have access to their data by an interface?").comment


def test_a_number_before_a_question_is_no_clause(ask: Ask) -> None:
    """A question numbered 5.8 asks what follows, and is not about clause 5.8; a named clause is asked about."""
    assert ask("5.8 Do you have a privacy policy?", YES_NO).answer == "Yes"
    assert ask("3.1.4 - Do you perform penetration tests?", YES_NO).clause == "GL8 5.1(a)"
    assert ask("GL14 5.15(c)").clause == "GL14 5.15(c)"


def test_chinese_questions_get_chinese_words_around_the_guides(ask: Ask) -> None:
    """Labels and reasons are in the question's language; duties stay the guide's."""
    assert ask("誰負責數據備份？").answer == "由客戶負責。客戶：Makes sure that its content is backed up properly."
    assert "供應商（Alibaba Cloud）：" in ask("誰負責數據備份？").comment
    assert ask("貴公司有沒有購買網絡保險？").comment.startswith("指南沒有回答這個問題：")


def test_two_guides_stand_side_by_side(ask_both: Ask) -> None:
    """Each provider has a line; they must agree for an answer to be chosen, and both must answer at all."""
    fill = ask_both("Who is responsible for backups?")
    assert fill.status == "answered"
    assert fill.answer.split("\n")[0].startswith("Alibaba Cloud: The customer.")
    assert fill.answer.split("\n")[1].startswith("Quaymoth Cloud: The provider.")
    assert fill.ownership == "Alibaba Cloud: CSC-owned; Quaymoth Cloud: CSP-owned"
    differing = ask_both("Who is responsible for backups?", OWNERS)
    assert (differing.answer, differing.comment.split("\n")[0]) == (
        "",
        "The providers differ, so a person has to choose.",
    )
    assert ask_both("Are you certified to ISO 27001?", YES_NO).answer == "Yes"
    silent = ask_both("GL14 5.15(c)")
    assert (silent.answer, silent.status) == ("", "needs a person")
    assert silent.comment.endswith("\nQuaymoth Cloud: The guide has no response to GL14 5.15(c).")


def test_a_named_provider_is_the_only_one_that_answers(ask_both: Ask, ask: Ask) -> None:
    """A question about one provider is answered from its guide, and not at all where that was not chosen."""
    assert "\n" not in ask_both("Does Alibaba Cloud have a business continuity plan?", YES_NO).comment
    assert ask_both("Does Alibaba Cloud have a business continuity plan?", YES_NO).answer == "Yes"
    fill = ask("Does Quaymoth Cloud have a business continuity plan?", YES_NO)
    assert (fill.answer, fill.comment) == (
        "",
        "The question is about a provider whose guide is not among those chosen.",
    )


def test_a_duty_that_denies_the_deed_is_a_no(desk: Desk) -> None:
    """Without a condition a denial of the very deed is a no; a number that the guide contradicts is nothing."""
    reviewer = Reviewer(desk, [INVENTED])
    assert reviewer.fill(Question(place="", row=1, text="Do you sell data?", choices=YES_NO)).answer == "No"
    nightly = reviewer.fill(Question(place="", row=1, text="Do you keep copies for 35 days?", choices=YES_NO))
    assert (nightly.answer, nightly.status) == ("", "needs a person")


def test_the_summary_tells_what_it_rests_on(desk: Desk) -> None:
    """The first sheet has the guide, its edition and date, the corpus, the counts, currency, errata and the notice."""
    reviewer = Reviewer(desk, [REAL])
    asked = ("Who is responsible for backups?", "What colour is your logo?")
    fills = [reviewer.fill(Question(place="", row=row, text=text)) for row, text in enumerate(asked, 1)]
    summary = reviewer.summarize(fills)
    lines = dict(summary.lines)
    assert "a person has to look through and approve" in lines["Notice"]
    assert "edition 1.0 (March 2019)" in lines["Guide (Alibaba Cloud)"]
    assert lines["Corpus (SHA-256)"] == desk.corpus_hash
    assert [lines[name] for name in ("Questions", "Answered", "Needs a person")] == ["2", "1", "1"]
    assert lines["Currency"].startswith("The guide is of March 2019. Revisions of GL8:")
    assert "how often backups are due" in lines["Note on the guide, GL8 5.1(c)"]
    assert reviewer.summarize(fills) == summary


def test_quotes_stand_where_the_source_is_attached() -> None:
    """With its source attached, a guide's own words stand beside what they say, and nowhere else."""
    attached = Desk(load_answerer(SOURCES, GUIDES)[0], Unrecorded())
    question = Question(place="", row=1, text="Are copies kept for 35 days?")
    assert Reviewer(attached, [INVENTED]).fill(question).quote.startswith("“")
    assert Reviewer(attached, [REAL]).fill(question).quote == ""


@given(st.text(max_size=200), st.sampled_from([(), YES_NO, OWNERS]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_filled_or_left_blank(ask_both: Ask, text: str, choices: tuple[str, ...]) -> None:
    """Any text gets an answer and ``answered``, or neither, and always a comment; an answer is one of those allowed."""
    fill = ask_both(text, choices)
    assert bool(fill.answer) == (fill.status == "answered")
    assert fill.comment
    assert not choices or fill.answer in ("", *choices)


@pytest.mark.parametrize("text", ["1." * 15_000, "Are " + "reviewed " * 4_000, " " * 30_000 + "x", "(" + " " * 30_000])
def test_a_cell_full_of_anything_is_read(ask: Ask, text: str) -> None:
    """The longest cell that a workbook can hold is answered or left blank like any other."""
    assert ask(text, YES_NO).status == "needs a person"


@pytest.mark.parametrize(
    ("given", "status"),
    [("", "answered"), ("yes", "answered"), ("Y", "answered"), ("No", "needs a person"), ("Soon", "needs a person")],
)
@pytest.mark.parametrize("choices", [(), YES_NO])
def test_another_answer_in_the_file_is_for_a_person_to_compare(
    desk: Desk, given: str, status: str, choices: tuple[str, ...]
) -> None:
    """What the file says already stays; where the guide has another answer, the row says so and is not done."""
    reviewer = Reviewer(desk, [REAL])
    text = "Do you have a business continuity plan?"
    fill = reviewer.fill(Question(place="", row=1, text=text, choices=choices, given=given))
    assert (fill.status, fill.answer[:3]) == (status, "Yes")
    assert fill.comment.startswith("The file has another answer here already") == (status != "answered")
    assert reviewer.fill(Question(place="", row=2, text=text, choices=choices)).status == "answered"


def test_an_unknown_guide_is_refused(desk: Desk) -> None:
    """A guide that is not loaded is an error that names those that are."""
    with pytest.raises(ReviewError, match=f"there are: {REAL}, {INVENTED}"):
        Reviewer(desk, ["another"])
