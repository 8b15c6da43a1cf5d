"""What opens at once in Slack: modals, type-ahead, App Home. Nothing here is an answer; those go through the inbox."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.links import Links
from bot.origin import Origin
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import derive_key
from bot.slack import ids
from bot.slack.blocks import Message
from bot.slack.files import KINDS
from bot.slack.forms import read_feedback, read_filters, read_lookup, read_settings
from bot.slack.home import render_home
from bot.slack.modals import (
    feedback_modal,
    gone_view,
    group_options,
    lookup_modal,
    lookup_result_view,
    review_modal,
    settings_modal,
    source_modal,
    suggestion_options,
)
from bot.slack.notices import render_fault, render_may_not_set, render_not_opened, render_thanks, tell_obstacle
from bot.slack.people import find_language, find_obstacle, list_groups, may_set, read_person
from bot.slack.posting import Posting
from bot.slack.questions import read_workspace
from bot.slack.review_notices import render_may_not_read
from bot.slack.usage import suggested_prompts
from bot.slack.workspaces import Workspaces, count_error, describe_error, read_code
from bot.titles import TitleList
from bot.values import Pointer, Rating, unpack
from retrieval.answer import ClauseView
from retrieval.wording import Language

logger = logging.getLogger(__name__)

Body = dict[str, Any]


class Interactions:
    """Opens what people press, and keeps what they set."""

    def __init__(
        self, desk: Desk, workspaces: Workspaces, *, links: Links | None, public_url: str, support: str
    ) -> None:
        """Open for these workspaces.

        Args:
            desk: shows, suggests and keeps.
            workspaces: their clients.
            links: the source viewer's addresses, if it can be reached.
            public_url: where the service is reached; empty where it is not.
            support: whom to turn to about the service, in a sentence; empty where nobody said.
        """
        self._desk = desk
        self._workspaces = workspaces
        self._links = links
        self._titles = TitleList(desk)
        self._public_url = public_url
        self._support = support

    def register(self, app: AsyncApp) -> None:
        """Have the app call this object's methods."""
        app.event("app_home_opened")(self.show_home)
        app.global_shortcut(ids.LOOK_UP_SHORTCUT)(self.open_lookup)
        app.global_shortcut(ids.REVIEW_SHORTCUT)(self.open_review)
        app.action(ids.LOOK_UP)(self.open_lookup)
        app.options(ids.LOOKUP_CLAUSE)(self.suggest)
        app.action(ids.LOOKUP_REGULATION)(_acknowledge)
        app.action(ids.LOOKUP_OWNER)(_acknowledge)
        app.view(ids.LOOKUP_MODAL)(self.look_up)
        for action in (ids.SOURCE, ids.RELATED, ids.OPEN_CLAUSE, ids.RECENT):
            app.action(action)(self.open_source)
        app.action(ids.CLEAR_RECENT)(self.clear_recent)
        app.action(ids.FEEDBACK)(self.take_rating)
        app.view(ids.FEEDBACK_MODAL)(self.take_reason)
        app.action(ids.SETTINGS_CHANNEL)(self.open_settings)
        app.options(ids.SETTINGS_GROUP)(self.suggest_groups)
        app.view(ids.SETTINGS_MODAL)(self.save_settings)

    async def show_home(self, event: Body, body: Body, client: AsyncWebClient) -> None:
        """Draw App Home, or suggest first questions in the messages tab."""
        user = event["user"]
        person = await read_person(client, user)
        if event.get("tab") == "messages":
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], prompts=suggested_prompts(person.language)
            )
            return
        await self._publish(client, read_workspace(body), user, person.language, is_admin=bool(person.is_admin))

    async def open_lookup(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the search for a clause."""
        await ack()
        language = await find_language(client, body["user"]["id"])
        await self._open(client, body, lookup_modal(self._desk.catalogue(), language))

    async def open_review(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the place to give a questionnaire."""
        await ack()
        language = await find_language(client, body["user"]["id"])
        await self._open(client, body, review_modal(KINDS, language), lacking=render_may_not_read(language))

    async def suggest(self, ack: AsyncAck, body: Body) -> None:
        """Offer the clauses that what is typed so far may mean."""
        filters = read_filters(body.get("view") or {})
        found = self._desk.suggest(body.get("value") or "", regulation=filters.regulation, owner=filters.owner)
        await ack(options=suggestion_options(found, filters.language))

    async def look_up(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Show the clause that was chosen in the search, and remember that it was looked up."""
        pointer = read_lookup(view)
        shown = self._show(pointer)
        if pointer is None or shown is None:
            await ack(response_action="push", view=gone_view(pointer.language if pointer else "en"))
            return
        await ack(response_action="push", view=lookup_result_view(shown, links=self._links, language=pointer.language))
        workspace, user = read_workspace(body), body["user"]["id"]
        event = derive_key("slack look up", workspace, user, view.get("id", ""), view.get("hash", ""))
        await self._desk.look_up(shown.ref, Origin("slack", workspace, user, event))

    async def open_source(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open everything that is known of a clause."""
        await ack()
        action = body["actions"][0]
        pointer = unpack(Pointer, action.get("value") or (action.get("selected_option") or {}).get("value"))
        if pointer is None:
            return
        shown = self._show(pointer)
        if shown is None:
            await self._open(client, body, gone_view(pointer.language))
        else:
            language, titles = pointer.language, self._titles.read()
            await self._open(client, body, source_modal(shown, links=self._links, language=language, titles=titles))

    def _show(self, pointer: Pointer | None) -> ClauseView | None:
        return self._desk.show(pointer.ref, pointer.guide or None, pointer.language) if pointer else None

    async def clear_recent(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Forget what a person looked up, and draw their Home anew."""
        workspace, user = read_workspace(body), body["user"]["id"]
        await self._desk.clear_recent(Origin("slack", workspace, user, ""))
        await ack()
        person = await read_person(client, user)
        await self._publish(client, workspace, user, person.language, is_admin=bool(person.is_admin))

    async def take_rating(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Keep what a reader thinks of an answer, and ask for the reason if it did not help."""
        rating = unpack(Rating, body["actions"][0].get("value"))
        if rating is None:
            await ack()
            return
        workspace, user = read_workspace(body), body["user"]["id"]
        # Kept before it is acknowledged: Slack tells the reader where it was not.
        await self._desk.record_feedback(Origin("slack", workspace, user, rating.answer_id), helpful=rating.helpful)
        await ack()
        if not rating.helpful:
            channel, thread = _read_place(body)
            modal = feedback_modal(rating.answer_id, rating.language, channel=channel, thread=thread)
            await self._open(client, body, modal)
            return
        await self._whisper(client, body, render_thanks(True, rating.language))

    async def take_reason(self, ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        """Keep why an answer did not help, and thank for it."""
        given = read_feedback(view)
        if given is None:
            await ack()
            return
        user = body["user"]["id"]
        origin = Origin("slack", read_workspace(body), user, given.answer_id)
        try:
            await self._desk.record_feedback(origin, helpful=False, reason=given.reason)
        except DATABASE_FAULTS as error:
            await _refuse(ack, ids.FEEDBACK_REASON, error)
            return
        await ack()
        posting = Posting(self._workspaces, client)
        await posting.whisper(render_thanks(False, given.language), given.channel, user, thread=given.thread or None)

    async def open_settings(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the settings of the channel that was picked in Home."""
        await ack()
        await self.open_settings_of(body["actions"][0].get("selected_conversation") or "", body, client)

    async def open_settings_of(self, channel: str, body: Body, client: AsyncWebClient) -> None:
        """Open a channel's settings for who may change them, and tell others who may."""
        workspace, user = read_workspace(body), body["user"]["id"] if "user" in body else body["user_id"]
        person = await read_person(client, user)
        allowed = await may_set(client, person, channel)
        if not allowed:
            refusal = render_fault() if allowed is None else render_may_not_set(person.language)
            await self._whisper(client, body, refusal)
            return
        place = await self._desk.settings_for("slack", workspace, channel)
        groups = await list_groups(client) if (place.helpers or "").startswith("S") else []
        view = settings_modal(
            place,
            [name for guide in self._desk.catalogue().guides for name in guide.regulations],
            channel,
            person.language,
            group_name=dict(groups).get(place.helpers or "", ""),
        )
        await self._open(client, body, view)

    async def suggest_groups(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Offer the user groups whose name is typed."""
        await ack(options=group_options(await list_groups(client), body.get("value") or ""))

    async def save_settings(self, ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        """Keep a channel's settings, unless nobody could be asked where they say."""
        given = read_settings(view)
        if given:
            obstacle = await find_obstacle(client, given.asked_in) if given.asked_in else None
            if obstacle:
                await ack(response_action="errors", errors={given.asked_by: tell_obstacle(obstacle, given.language)})
                return
            try:
                await self._desk.save_settings("slack", read_workspace(body), given.channel_id, given.settings)
            except DATABASE_FAULTS as error:
                await _refuse(ack, ids.SETTINGS_REPLIES, error)
                return
        await ack()

    async def _publish(
        self, client: AsyncWebClient, workspace: str, user: str, language: Language, *, is_admin: bool
    ) -> None:
        try:
            recents = await self._desk.recent(Origin("slack", workspace, user, ""))
        except DATABASE_FAULTS as error:  # the rest of Home is there all the same
            logger.warning("What was looked up can't be read: %s", describe_error(error))
            recents = []
        view = render_home(
            self._desk.catalogue(),
            recents,
            language=language,
            is_admin=is_admin,
            public_url=self._public_url,
            support=self._support,
        )
        await client.views_publish(user_id=user, view=view)

    async def _open(self, client: AsyncWebClient, body: Body, view: Body, *, lacking: Message | None = None) -> None:
        """Open a view: on top of the modal in which something was pressed, if it was in one.

        ``lacking`` is what to say where the app lacks a scope for it.
        """
        inside = (body.get("view") or {}).get("type") == "modal"
        try:
            if inside:
                await client.views_push(trigger_id=body["trigger_id"], view=view)
            else:
                await client.views_open(trigger_id=body["trigger_id"], view=view)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            count_error(error)
            logger.error("A view could not be opened: %s", describe_error(error))
            lacks = isinstance(error, SlackApiError) and read_code(error) == "missing_scope"
            await self._whisper(client, body, (lacking if lacks else None) or render_not_opened())

    async def _whisper(self, client: AsyncWebClient, body: Body, message: Message) -> None:
        """Tell the person who pressed something, where they pressed it, or directly."""
        user = body["user"]["id"] if "user" in body else body["user_id"]
        channel, thread = _read_place(body)
        await Posting(self._workspaces, client).whisper(message, channel, user, thread=thread or None)


def _read_place(body: Body) -> tuple[str, str]:
    """The channel and the thread in which something was pressed or typed; empty where it was in none."""
    channel = (body.get("channel") or {}).get("id") or body.get("channel_id")
    thread = (body.get("message") or {}).get("thread_ts") or (body.get("container") or {}).get("thread_ts")
    return channel or "", thread or ""


async def _acknowledge(ack: AsyncAck) -> None:
    """A filter changed: it is read when something is typed."""
    await ack()


async def _refuse(ack: AsyncAck, block: str, error: BaseException) -> None:
    """Keep a modal open, so that nothing filled in is lost, and say what to do."""
    logger.error("What was filled in could not be kept: %s", describe_error(error))
    await ack(response_action="errors", errors={block: "This could not be kept. Try again. 未能儲存,請再試一次。"})
