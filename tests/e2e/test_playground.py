"""Clausebot in Teams, as Microsoft 365 Agents Playground shows it to a person."""

from __future__ import annotations

from e2e.browsing import keep
from e2e.playground import CHANNEL, GROUP, PERSONAL, Playground
from fakes.leaks import note_text
from playwright.sync_api import Page, expect

BACKUPS = "who handles backups under GL8 5.1(c)?"
BACKUP_NAME = "GL8 5.1(c) Backup of databases and application software"
ENCRYPTION = "who encrypts the customer's data?"


def test_the_welcome_asks_its_examples(playground: Page) -> None:
    """Whoever adds Clausebot sees what it is for, and an example is answered at a click."""
    chat = Playground(playground, PERSONAL)
    expect(chat.welcome).to_contain_text("Who does what about a clause?")
    keep(playground, "teams/welcome")
    card = chat.press(chat.welcome.get_by_role("button", name="GL14 5.13"))
    expect(card).to_contain_text("GL14 5.13")
    expect(card).to_contain_text("Shared (CSP and CSC)")


def test_a_personal_question(playground: Page) -> None:
    """A question written to Clausebot is answered with who does it, both parties side by side, and its citation."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask(BACKUPS)
    expect(card).to_contain_text("Customer (CSC-owned)")
    expect(card).to_contain_text(BACKUP_NAME)
    provider, customer = (card.get_by_text(name, exact=True) for name in ("Provider (Alibaba Cloud)", "Customer"))
    left, right = provider.bounding_box(), customer.bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    keep(playground, "teams/personal")
    expect(playground.get_by_text("The customer. GL8 5.1(c)", exact=True)).to_be_visible()
    playground.locator("a.fai-Citation").last.hover()
    expect(playground.get_by_text("Alibaba Cloud User Guide: Insurance Regulations").last).to_be_visible()
    keep(playground, "teams/citation")
    expect(playground.get_by_text("AI-generated")).to_have_count(0)


def test_a_follow_up_keeps_the_clause(playground: Page) -> None:
    """What is asked next without naming a clause is about the one before."""
    chat = Playground(playground, PERSONAL)
    chat.ask("GL14 5.13")
    card = chat.ask("and what does the customer have to do?")
    expect(card).to_contain_text("On GL14 5.13, as before.")


def test_source_and_back(playground: Page) -> None:
    """*Source* puts everything known of the clause in the answer's place, and leads back to it."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask(BACKUPS)
    card.get_by_role("button", name="Source").click()
    expect(card).to_contain_text("section 5.1, row c, paragraph 1, sentence 3, page 9")
    keep(playground, "teams/source")
    card.get_by_role("button", name="Back to the answer").click()
    expect(card).to_contain_text("Customer (CSC-owned)")
    expect(card).not_to_contain_text("paragraph 1, sentence 3")


def test_notes_are_folded(playground: Page) -> None:
    """Doubts about the guide show when they are asked for."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask(BACKUPS)
    note = card.get_by_text("The requirement names databases and application software")
    expect(note).to_be_hidden()
    card.get_by_role("button", name="Notes (2)").click()
    expect(note).to_be_visible()
    keep(playground, "teams/notes")


def test_a_related_clause_is_read(playground: Page) -> None:
    """A clause that the answer only names is chosen from a list, and read in the answer's place."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask(BACKUPS)
    card.get_by_role("button", name="Related clauses").click()
    chosen = card.get_by_role("combobox")
    expect(chosen).to_be_visible()
    chosen.scroll_into_view_if_needed()
    keep(playground, "teams/related")
    card.get_by_role("button", name="Read").click()
    expect(card).to_contain_text("GL14 5.13")
    expect(card.get_by_role("button", name="Back to the answer")).to_be_visible()


def test_a_choice_is_answered(playground: Page) -> None:
    """Where the guide has no response to a clause, one nearby is answered when it is chosen."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask("GL8 5.9(z)")
    expect(card).to_contain_text("The guide has no response to GL8 5.9(z).")
    keep(playground, "teams/no-such-clause")
    answered = chat.press(card.get_by_role("button", name="GL8 5.1(c)"))
    expect(answered).to_contain_text(BACKUP_NAME)


def test_a_vague_question_is_asked_back(playground: Page) -> None:
    """A question that could mean much is answered with choices, and a choice with its clause."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask("what about data?")
    keep(playground, "teams/clarify")
    choice = card.get_by_role("button").first
    name = choice.get_attribute("aria-label")
    assert name
    expect(chat.press(choice)).to_contain_text(name.split(" ")[1])


def test_a_mention_in_a_channel_and_in_its_thread(playground: Page) -> None:
    """A mention is answered in its thread, where a further one keeps the clause; what mentions nobody is left alone."""
    chat = Playground(playground, CHANNEL)
    chat.say("good morning everybody")
    card = chat.ask(ENCRYPTION, mention=True)
    expect(card).to_contain_text("Provider (CSP-owned)")
    keep(playground, "teams/channel")
    further = chat.ask("and who carries the whole clause?", mention=True, thread=0)
    expect(further).to_contain_text("GL8 5.1(d)")
    further.scroll_into_view_if_needed()
    keep(playground, "teams/thread")
    expect(chat.cards).to_have_count(3)


def test_a_mention_in_a_group_chat(playground: Page) -> None:
    """In a group chat, what mentions Clausebot is answered, and nothing else."""
    chat = Playground(playground, GROUP)
    chat.say("who wants coffee?")
    card = chat.ask("GL14 5.13", mention=True)
    expect(card).to_contain_text("Shared (CSP and CSC)")
    expect(chat.cards).to_have_count(2)
    keep(playground, "teams/group")


def test_chinese(playground: Page) -> None:
    """A question in Chinese is answered in Chinese, and so are the buttons and what they open."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask("客戶資料加密由邊個負責?")
    expect(card).to_contain_text("供應商")
    keep(playground, "teams/chinese")
    card.get_by_role("button", name="出處").click()
    expect(card.get_by_role("button", name="返回答案")).to_be_visible()
    keep(playground, "teams/chinese-source")


def test_feedback(playground: Page) -> None:
    """Each answer asks for feedback and takes a reason; which answer it is about, this playground never tells.

    What is kept where Teams tells it stands in `tests/bot`.
    """
    chat = Playground(playground, PERSONAL)
    chat.ask(BACKUPS)
    playground.get_by_label("Dislike").first.click()
    dialog = playground.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(note_text("it should name the tapes"))
    keep(playground, "teams/feedback")
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog).to_contain_text("Thank you!")
    expect(playground.get_by_text("invoke 200")).to_be_visible()


def test_search_while_writing(playground: Page) -> None:
    """The message extension finds clauses by words, number and Chinese, and puts one into the message."""
    chat = Playground(playground, PERSONAL)
    search = chat.open_search()
    for typed, found in (("backup", BACKUP_NAME), ("5.13", "GL14 5.13"), ("備份", BACKUP_NAME)):
        search.fill(typed)
        expect(playground.get_by_text(found).first).to_be_visible()
        keep(playground, f"teams/search-{'chinese' if not typed.isascii() else typed}")
    playground.get_by_text(BACKUP_NAME).last.click()
    expect(chat.see()).to_contain_text("共同負責")
    keep(playground, "teams/search-chosen")
    chat.send()
    # What is sent is drawn more than once, so that it can't be told by having been seen.
    expect(playground.get_by_role("textbox").first).to_have_text("")
    expect(chat.cards.last).to_contain_text(BACKUP_NAME)
    keep(playground, "teams/search-sent")
    # The card asks nothing: the next answer is the only one.
    chat.say("GL14 5.13")
    expect(chat.cards).to_have_count(3)
    expect(chat.cards.last).to_contain_text("GL14 5.13")


def test_the_list_and_help(playground: Page) -> None:
    """“list clauses” shows every clause with who carries it, “help” how to ask."""
    chat = Playground(playground, PERSONAL)
    chat.say("help")
    expect(playground.get_by_text("mention me in a channel or a group chat").last).to_be_visible()
    card = chat.ask("list clauses")
    expect(card).to_contain_text("5.1(c) Backup of databases and application software")
    expect(card).to_contain_text("5.13")
    keep(playground, "teams/list")


def test_the_matrix(playground: Page) -> None:
    """“matrix GL14” shows each clause of it in a line, with who carries it."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask("matrix GL14")
    expect(card).to_contain_text("Responsibility matrix: GL14")
    expect(card).to_contain_text("🤝 Shared · 5.13")
    keep(playground, "teams/matrix")
    expect(chat.ask("責任矩陣")).to_contain_text("責任矩陣：GL8、GL14")


def test_settings_and_ask_a_person(playground: Page) -> None:
    """A team that names a channel for it can pass a question on to people, with its answer."""
    chat = Playground(playground, CHANNEL)
    form = chat.ask("settings", mention=True)
    keep(playground, "teams/settings")
    form.get_by_role("combobox").last.click()
    playground.get_by_role("option", name="Whoever reads this channel").click()
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Saved.")
    expect(playground.get_by_text("changed my settings for everybody here").last).to_be_visible()
    answered = chat.ask(BACKUPS, mention=True)
    answered.get_by_role("button", name="Ask a person").click()
    asking = answered.get_by_role("button", name="Ask", exact=True)
    expect(asking).to_be_visible()
    request = chat.press(asking)
    expect(request).to_contain_text(BACKUPS)
    expect(request).to_contain_text("Customer (CSC-owned)")
    request.scroll_into_view_if_needed()
    keep(playground, "teams/request")


def test_what_is_typed_stays_text(playground: Page) -> None:
    """Markup in a question is neither run nor drawn."""
    chat = Playground(playground, PERSONAL)
    card = chat.ask("<img src=x onerror=document.title='run'> **who** [keeps](https://x.invalid) GL99 1.1?")
    expect(card).to_be_visible()
    expect(card.locator("img, a[href*=invalid]")).to_have_count(0)
    assert playground.title() != "run"
