"""The tables of the web pages' users: users, sessions, tokens, attempts to log in, audit log.

Only hashes of passwords, sessions and tokens are stored. How they are made and read lives in
``scmine.database.users``, ``sessions``, ``logins`` and ``audit``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from scmine.database.models import Base


class UserModel(Base):
    """A user; ``key`` is the name without case, so that no two names differ only in that."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool]
    made: Mapped[datetime]


class SessionModel(Base):
    """A log-in that has not ended; ``id`` is the SHA-256 of what the browser holds."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made: Mapped[datetime]
    seen: Mapped[datetime]
    address: Mapped[str]


class TokenModel(Base):
    """A token for programs; ``hash`` is the SHA-256 of what the program sends."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str]
    role: Mapped[str]
    made: Mapped[datetime]
    ends: Mapped[datetime | None]
    used: Mapped[datetime | None]
    revoked: Mapped[datetime | None]


class LoginAttemptModel(Base):
    """An attempt to log in that failed or is under way; ``key`` is a name's or address's hash."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_key_made", "key", "made"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    made: Mapped[datetime] = mapped_column(index=True)


class AuditModel(Base):
    """One line of the audit log: who did what to whom or what, when and from where."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    address: Mapped[str]
