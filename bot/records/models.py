"""The tables of the records. Times are seconds since 1970 (UTC), as `time.time` gives them."""

from __future__ import annotations

from sqlalchemy import Float, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What every table of ours belongs to; constraints are named, so that migrations can name them."""

    metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s"})


class InboxEvent(Base):
    """A chat event: stored, then held by one process at a time, then done.

    ``key`` is the same for every delivery of one message. ``payload`` (JSON) is what answering needs, gone once
    the event is done. ``due`` is when any process may take the event: at the end of the lease of the one that
    holds it, or of the wait before another attempt.
    """

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    workspace: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str | None] = mapped_column(Text)
    received: Mapped[float] = mapped_column(Float(53))
    attempts: Mapped[int]
    taken_by: Mapped[str | None] = mapped_column(String(32))
    due: Mapped[float] = mapped_column(Float(53))
    done: Mapped[float | None] = mapped_column(Float(53))

    __table_args__ = (UniqueConstraint("key"), Index("ix_inbox_open", "done", "channel", "due"))


class AnswerRecord(Base):
    """An answer that was given.

    ``asker`` and ``question_hash`` are keyed hashes; ``question`` is there only if the operator wants it stored.
    ``conversation`` is the keyed hash of the thread that it belongs to, if any. ``clauses`` are the references that
    it answers with; ``digest`` is that of `bot.records.answers.digest_answer`. ``latency`` is in seconds. ``context``
    (a JSON list) and ``regulation`` are what the question was asked with, there where it is; an earlier version's
    answers have neither.
    """

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    workspace: Mapped[str] = mapped_column(String(64), index=True)
    asker: Mapped[str] = mapped_column(String(64))
    question: Mapped[str | None] = mapped_column(Text)
    question_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    ownership: Mapped[str] = mapped_column(String(16))
    clauses: Mapped[str] = mapped_column(Text)
    corpus: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    latency: Mapped[float] = mapped_column(Float(53))
    conversation: Mapped[str | None] = mapped_column(String(64))
    context: Mapped[str | None] = mapped_column(Text)
    regulation: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index("ix_answers_conversation", "conversation", "at"),)


class FeedbackRecord(Base):
    """What one person thought of one answer; a second opinion of the same person replaces the first."""

    __tablename__ = "feedback"

    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    asker: Mapped[str] = mapped_column(String(64), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)


class SentMessage(Base):
    """Which answer a message holds, where a chat tells of feedback by the message; ``message`` is a hash of its id."""

    __tablename__ = "sent"

    message: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(String(64))
    workspace: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)


class Lookup(Base):
    """A clause that a person looked up, and when last; ``asker`` is a keyed hash of channel, workspace and person."""

    __tablename__ = "lookups"

    asker: Mapped[str] = mapped_column(String(64), primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    workspace: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)


class ChannelSettings(Base):
    """The settings of one place where people talk (a Slack channel), as a JSON object."""

    __tablename__ = "channel_settings"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    settings: Mapped[str] = mapped_column(Text)


class Key(Base):
    """A key that the service made for itself, sealed where there is a `CLAUSEBOT_SECRET_KEY`."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class TokenRecord(Base):
    """A token that lets a program in.

    ``digest`` is the SHA-256 of the whole token, which is kept nowhere. ``used`` is when the day (UTC) began on which
    it was last used, ``expires`` when it stops being good; None for never.
    """

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    created: Mapped[float] = mapped_column(Float(53))
    used: Mapped[float | None] = mapped_column(Float(53))
    expires: Mapped[float | None] = mapped_column(Float(53))


class EndedSession(Base):
    """A session of a browser that was signed out, and when."""

    __tablename__ = "ended_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)


class ApprovedRecord(Base):
    """An answer to a question of a questionnaire that a person gave or approved; see `bot.review.approving.Approved`.

    ``digest`` is the SHA-256 of the question as `normalize_question` has it.
    """

    __tablename__ = "approved"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    corpus: Mapped[str] = mapped_column(String(64))
    clause: Mapped[str] = mapped_column(Text)


class ReviewRecord(Base):
    """A questionnaire that is being reviewed, or was.

    ``asker`` is a keyed hash of channel, workspace and person. ``state`` is that of `bot.records.reviews.Review`.
    ``task`` (what to review, and where it came from), ``notes`` (what the channel must remember) and ``outcome`` (the
    counts, or what was wrong) are JSON, and sealed where there is a `CLAUSEBOT_SECRET_KEY`. ``attempts`` counts how
    often reviewing began and came to no end; of ``total`` questions ``done`` are answered.
    """

    __tablename__ = "reviews"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    workspace: Mapped[str] = mapped_column(String(64), index=True)
    asker: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))
    task: Mapped[bytes]
    notes: Mapped[bytes]
    attempts: Mapped[int]
    done: Mapped[int]
    total: Mapped[int]
    outcome: Mapped[bytes | None]


class ReviewFile(Base):
    """A part of what belongs to a review: the file that was given, the filled one, a hundred of its rows.

    Apart from the review, whose row changes often: SQLite writes a changed row anew as a whole.
    """

    __tablename__ = "review_files"

    review: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    content: Mapped[bytes]
