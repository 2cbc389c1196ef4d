"""Who asks, and what a role may do; every route takes its user from here."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

from fastapi import Depends, HTTPException, Request


class Role(IntEnum):
    """What a user may do; each role may do what the one before may."""

    VIEWER = 1
    CURATOR = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class User:
    """Who asks: the name that revisions and the audit log carry, and the role."""

    name: str
    role: Role


def current_user(_request: Request) -> User:
    """The user of a request; without users the person at this machine, who may do all."""
    return User(getpass.getuser(), Role.ADMIN)


class _Needs:
    """A dependency that lets in users of at least one role."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(self, user: Annotated[User, Depends(current_user)]) -> User:
        if user.role < self.role:
            raise HTTPException(403, f"this needs the role {self.role.name.lower()}")
        return user


Viewer = Annotated[User, Depends(_Needs(Role.VIEWER))]
Curator = Annotated[User, Depends(_Needs(Role.CURATOR))]
Admin = Annotated[User, Depends(_Needs(Role.ADMIN))]


def csrf_token(_request: Request) -> str:
    """The token that forms and scripts of this session send back with what they change."""
    return ""
