"""Vendor reviews on pages: a questionnaire up, how far it is, what came of it to look through, the filled file down."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from itertools import groupby

from aiohttp import web

from bot.desk import Desk
from bot.origin import Origin
from bot.records.records import Records
from bot.records.reviews import ROWS_A_PAGE, Review
from bot.review.jobs import Kept, Reviewing
from bot.review.model import Columns
from bot.web.downloads import send_file
from bot.web.phrases import WEB_PHRASES
from bot.web.review_phrases import REVIEW_PHRASES, ReviewPhrases
from bot.web.review_rows import Row, list_numbers, read_rows
from bot.web.uploads import Upload, Uploads
from bot.web.visit import FormError, Visit
from retrieval.answer import ClauseView
from retrieval.question import detect_language

CHANNEL = "web"

# What may be shown alone, by its name in an address.
_STATUSES = {"answered": "answered", "person": "needs a person"}

# Reviews that are kept for one person at once: with the largest files, some hundreds of megabytes.
_MOST_KEPT = 20

# Reviews of which it is remembered which questions need a person.
_MOST_REMEMBERED = 10

# What a review's id looks like.
_ID = re.compile(r"[\w-]{20,64}", re.ASCII)

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "txt": "text/plain",
}


class Reviews:
    """Takes questionnaires in, and shows what became of them to whoever gave them."""

    def __init__(self, desk: Desk, records: Records, reviewing: Reviewing) -> None:
        """Serve the reviews of browsers.

        Args:
            desk: shows the clauses, and counts who asks.
            records: keep files and results.
            reviewing: does the work.
        """
        self._desk = desk
        self._reviewing = reviewing
        self._book = reviewing.book
        self._uploads = Uploads()
        self._numbers: OrderedDict[tuple[str, str], list[int]] = OrderedDict()
        reviewing.serve(CHANNEL, Kept(records))

    async def show(self, visit: Visit) -> web.Response:
        """The page to upload on, with one's own reviews."""
        return await self._draw_form(visit, Upload(), told="deleted" in visit.request.query)

    async def take(self, visit: Visit) -> web.Response:
        """Take a questionnaire in, and lead to its page; or say why not, with what was typed."""
        upload, words = Upload(), _words(visit)
        try:
            await self._uploads.read(visit.request, upload, _largest(), lambda seal: _is_own(visit, seal))
        except FormError as error:
            usual = WEB_PHRASES[visit.language].problems[error.status][1]
            told = {400: words.not_read, 408: words.too_slow, 413: words.too_large, 503: words.busy}
            return await self._refuse(visit, upload, error.status, told.get(error.status, usual))
        if not upload.name:
            return await self._refuse(visit, upload, 422, words.no_file)
        origin = _name_origin(visit)
        if len(await self._book.find_all(origin, _MOST_KEPT)) == _MOST_KEPT:
            return await self._refuse(visit, upload, 429, words.too_many)
        admission = await self._desk.admit(origin)
        if not admission.admitted:
            told_wait = WEB_PHRASES[visit.language].problems[429][1].format(wait=admission.wait)
            response = await self._refuse(visit, upload, 429, told_wait)
            response.headers["Retry-After"] = str(admission.wait)
            return response
        named = {name: upload.get(name)[:100] or None for name in Columns.model_fields}
        known = {guide.id for guide in self._desk.catalogue().guides}
        job = await self._reviewing.prepare(
            origin,
            upload.name,
            content=upload.content,
            columns=Columns(**named) if any(named.values()) else None,
            guides=[each for each in upload.fields.get("guide", ()) if each in known],
            context={"language": visit.language},
        )
        await self._reviewing.start(job)
        return visit.lead(f"review/{job.id}")

    async def show_one(self, visit: Visit) -> web.Response:
        """A review: how far it is, why it failed, or what came of it."""
        job = await self._find(visit)
        if job is None:
            return _draw_gone(visit)
        if not job.is_over:
            ahead = await self._book.count_ahead(job.id) if job.state == "waiting" else 0
            template = "review_progress.html" if visit.is_part else "review_waiting.html"
            return _keep_nowhere(visit.draw(template, words=_words(visit), job=job, ahead=ahead))
        if visit.is_part:
            return visit.draw("review_over.html")
        if job.state == "failed":
            given = Upload(name=job.name)
            given.fields = {name: [value] for name, value in (job.task["columns"] or {}).items() if value}
            given.fields["guide"] = list(job.task["guides"])
            return await self._draw_form(visit, given, failed=job)
        return await self._draw_result(visit, job)

    async def send(self, visit: Visit) -> web.Response:
        """The filled file."""
        job = await self._find(visit)
        content = await self._book.read_filled(job.id) if job else None
        if job is None or content is None:
            return _draw_gone(visit)
        return send_file(content, job.output, _TYPES.get(job.output.rpartition(".")[2], "application/octet-stream"))

    async def delete(self, visit: Visit, _: dict[str, str]) -> web.Response:
        """Delete a review with its files."""
        job = await self._find(visit)
        if job is None:
            return _draw_gone(visit)
        await self._book.forget(job.id)
        return visit.lead("review", "deleted=1")

    async def _find(self, visit: Visit) -> Review | None:
        """The review that an address names, if its reader may see it.

        Whoever signed in sees their own. On this machine, where nobody does, the address says who may: it can't be
        guessed, and outlives a restart, which sessions don't.
        """
        name = visit.request.match_info["review"]
        if not _ID.fullmatch(name):
            return None
        job = await self._book.find(name, _name_origin(visit) if visit.visitor.token else None)
        return job if job and job.channel == CHANNEL else None

    async def _refuse(self, visit: Visit, upload: Upload, status: int, told: str) -> web.Response:
        told = told.format(largest=_largest() // 1_000_000, most=_MOST_KEPT)
        if visit.is_part:
            return visit.draw_problem(status, told=told)
        return await self._draw_form(visit, upload, status=status, wrong=told)

    async def _draw_form(
        self,
        visit: Visit,
        given: Upload,
        *,
        status: int = 200,
        wrong: str = "",
        told: bool = False,
        failed: Review | None = None,
    ) -> web.Response:
        response = visit.draw(
            "review.html",
            words=_words(visit),
            status=status,
            given=given,
            guides=self._desk.catalogue().guides,
            largest=_largest(),
            own=await self._book.find_all(_name_origin(visit)),
            wrong=wrong,
            told=told,
            failed=failed,
            problem_language=detect_language(failed.problem) if failed else "",
        )
        return _keep_nowhere(response)

    async def _draw_result(self, visit: Visit, job: Review) -> web.Response:
        query = visit.request.query
        shown = query.get("show", "")
        shown = shown if shown in _STATUSES else ""
        held = {"": job.total, "answered": job.answered, "person": job.person}
        pages = max(math.ceil(held[shown] / ROWS_A_PAGE), 1)
        wanted = query.get("page", "1")
        page = min(max(int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 1, 1), pages)
        words = _words(visit)
        names = {"": words.everything, "answered": words.answered, "person": words.person}
        rows = await (self._read_chosen(job, shown, page) if shown else self._read_page(job, page))
        response = visit.draw(
            "review_result.html",
            words=_words(visit),
            job=job,
            rows=rows,
            shown=shown,
            filters=[(value, name, held[value]) for value, name in names.items()],
            page=page,
            pages=pages,
            near=sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1))),
        )
        return _keep_nowhere(response)

    async def _read_page(self, job: Review, page: int, numbers: Sequence[int] | None = None) -> list[Row]:
        """The rows of a page, from 1; or those of some numbers only."""
        guides: Sequence[str] = job.task["guides"]

        def show(ref: str) -> ClauseView | None:
            found = (self._desk.show(ref, guide) for guide in guides or (None,))
            return next((view for view in found if view), None)

        first = (page - 1) * ROWS_A_PAGE + 1
        rows = read_rows(await self._book.read_rows(job.id, page - 1), first, show)
        return rows if numbers is None else [row for row in rows if row.number in numbers]

    async def _read_chosen(self, job: Review, shown: str, page: int) -> list[Row]:
        """A page of the rows of one status."""
        numbers = await self._list_numbers(job, shown)
        chosen = numbers[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
        rows: list[Row] = []
        for kept, group in groupby(chosen, lambda number: (number - 1) // ROWS_A_PAGE + 1):
            rows += await self._read_page(job, kept, list(group))
        return rows

    async def _list_numbers(self, job: Review, shown: str) -> list[int]:
        """The numbers of the rows of one status: read once, since all of them have to be."""
        key = job.id, shown
        if key not in self._numbers:
            numbers: list[int] = []
            for page in range(math.ceil(job.total / ROWS_A_PAGE)):
                held = await self._book.read_rows(job.id, page)
                numbers += list_numbers(held, page * ROWS_A_PAGE + 1, _STATUSES[shown])
            self._numbers[key] = numbers
            if len(self._numbers) > _MOST_REMEMBERED:
                self._numbers.popitem(last=False)
        return self._numbers[key]


def _largest() -> int:
    # What reads questionnaires takes a while to import, and most processes never see one.
    from bot.review.reading import LARGEST_FILE

    return LARGEST_FILE


def _is_own(visit: Visit, seal: str) -> bool:
    return visit.access.is_own_form(visit.request, visit.visitor, seal)


def _name_origin(visit: Visit) -> Origin:
    return Origin(CHANNEL, "", visit.visitor.asker, "")


def _words(visit: Visit) -> ReviewPhrases:
    return REVIEW_PHRASES[visit.language]


def _draw_gone(visit: Visit) -> web.Response:
    words = _words(visit)
    return visit.draw_problem(404, told=words.gone, offered=[(words.title, "", "review")], heading=words.own)


def _keep_nowhere(response: web.Response) -> web.Response:
    """Have no browser keep a page on which somebody's document stands."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
