"""Microsoft 365 Agents Playground as its user handles it."""

from __future__ import annotations

from fakes.leaks import note_text
from playwright.sync_api import Locator, Page, expect

PERSONAL = "Personal Chat"
GROUP = "Group Chat"
CHANNEL = "My Team - General"


class Playground:
    """The playground's page, at one of its places."""

    def __init__(self, page: Page, place: str) -> None:
        """Go to a place, where Clausebot is new and says so."""
        self.page = page
        self.cards = page.locator(".ac-adaptiveCard")
        self._seen = 0
        self._in_channel = place == CHANNEL
        self.welcome = self.see()  # in the personal chat, with which the playground opens
        if place != PERSONAL:
            page.click(f'[role=treeitem][aria-label="{place}"]')
            self.welcome = self.see()

    def ask(self, question: str, *, mention: bool = False, thread: int | None = None) -> Locator:
        """Write something; the card that comes. See `say`."""
        self.say(question, mention=mention, thread=thread)
        return self.see()

    def say(self, words: str, *, mention: bool = False, thread: int | None = None) -> None:
        """Write something and send it.

        Args:
            words: what to write.
            mention: whether to mention Clausebot first.
            thread: in a channel, which thread to write in, from the top; None for a new one.
        """
        box = self.page.locator("div[role=textbox][contenteditable=true]").nth(0 if thread is None else thread + 1)
        box.click()
        if mention:
            box.press_sequentially("@Test")
            self.page.click('[role=menuitem]:has-text("Test Bot")')
            box.press_sequentially(" ")
        self.page.keyboard.insert_text(note_text(words))
        if self._in_channel and thread is None:
            self.page.click('button:has-text("Post")')
        else:
            self.send(thread or 0)

    def send(self, box: int = 0) -> None:
        """Send what a box holds: the only one of a chat, or that of a channel's thread, from the top."""
        self.page.locator('button[aria-label="Send Message"]').nth(box).click()

    def press(self, button: Locator) -> Locator:
        """Press something at which a card comes; that card."""
        button.click()
        return self.see()

    def see(self) -> Locator:
        """The card that was not there before, wherever it stands."""
        new = self.page.locator(".ac-adaptiveCard:not([data-seen])")
        expect(new).to_have_count(1)
        self._seen += 1
        new.evaluate("(card, number) => card.dataset.seen = number", self._seen)
        return self.page.locator(f'[data-seen="{self._seen}"]')

    def open_search(self) -> Locator:
        """Open the search of the message extension; its box."""
        self.page.click('button[aria-label="Trigger Message Extension App"]')
        self.page.get_by_text("Search Command").click()
        return self.page.get_by_placeholder("Enter a search term")
