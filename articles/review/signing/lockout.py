"""Lockout after failed passwords, at login and at signing alike. Kept by django-axes, in the database.

The login page counts all failures. Signing counts failures at signing only: those need a session, so whoever is logged
in signs, whatever strangers and colleagues at the same address try at the login page.

A failure at signing is noted when the request has ended: whoever refuses a signature rolls its transaction back, and
the failure must stay. Logins from the shell, commands and tests carry no request; they are neither counted nor locked.
"""

import copy
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles.errors import LockedOut
from articles.review.signing.addresses import address_of

NOTES = "failed_and_succeeded"
AT_LOGIN, AT_SIGNING = "login: ", "signing: "  # before the browser's name, in the rows of failures
MINUTE = timedelta(minutes=1)


class Backend(AxesStandaloneBackend):
    """Refuses who is locked out, before any password is looked at."""

    def authenticate(self, request=None, username=None, password=None, **credentials):
        if request is not None:
            super().authenticate(request, username=username, password=password, **credentials)


class Handler(AxesDatabaseHandler):
    """Counts by login and address; and by login alone, so that many addresses that guess one password are held up.

    That second count spares addresses at which the login has logged in.
    """

    def get_user_attempts(self, request, credentials=None) -> list[QuerySet]:
        return [_counting(rows, request) for rows in super().get_user_attempts(request, credentials)]

    def get_failures(self, request, credentials=None) -> int:
        here = super().get_failures(request, credentials)
        username = (credentials or {}).get("username")
        return max(here, settings.AXES_FAILURE_LIMIT) if is_stormed(request, username) else here

    def user_login_failed(self, sender, credentials, request=None, **signal) -> None:
        if request is None or getattr(request, "is_confirmation", False):
            return
        request.axes_user_agent = f"{AT_SIGNING if is_signing(request) else AT_LOGIN}{request.axes_user_agent}"[:255]
        super().user_login_failed(sender, credentials, request, **signal)


class Middleware:
    """Notes what came of confirmations in this request, after whatever it rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for username, is_success in getattr(request, NOTES, ()):
            (_forget if is_success else _count)(_bare(request), {"username": username})
        return response


def require_open(request: HttpRequest | None, username: str) -> None:
    """Raises LockedOut when this login is locked for this address."""
    if request is not None and AxesProxyHandler.is_locked(_bare(request), {"username": username}):
        raise _locked_out(minutes_left(_bare(request), username))


def note_failure(request: HttpRequest | None, username: str) -> None:
    """A wrong password was typed at signing. Raises LockedOut when it was one too many."""
    if request is None:
        return
    notes = request.__dict__.setdefault(NOTES, [])
    notes.append((username, False))
    pending = sum(not is_success for name, is_success in notes if name == username)
    counted = AxesProxyHandler.get_failures(_bare(request), {"username": username})
    if counted + pending >= settings.AXES_FAILURE_LIMIT:
        raise _locked_out(_whole())


def note_success(request: HttpRequest | None, username: str) -> None:
    """The right password was typed: what failed before is forgotten."""
    if request is not None:
        request.__dict__.setdefault(NOTES, []).append((username, True))


def confirming(request: HttpRequest | None) -> HttpRequest | None:
    """The request as means of authentication get it: axes neither counts nor answers in its place."""
    if request is None:
        return None
    made = copy.copy(request)
    made.__dict__.update(is_confirmation=True, is_signing=True)
    return made


def is_signing(request: HttpRequest) -> bool:
    return bool(getattr(request, "is_signing", False))


def is_stormed(request: HttpRequest, username: str | None) -> bool:
    """Whether the login fails from everywhere; at the login page, where it has not logged in from here before."""
    if not username:
        return False
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = AccessAttempt.objects.filter(username=username, attempt_time__gte=since)
    everywhere = _counting(rows, request).aggregate(total=Sum("failures_since_start"))["total"] or 0
    if everywhere < settings.LOCKOUT_EVERYWHERE_LIMIT:
        return False
    known = AccessLog.objects.filter(username=username, ip_address=address_of(request))
    return is_signing(request) or not known.exists()


def answer(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page that a locked login sees in place of the form."""
    minutes = minutes_left(request, (credentials or {}).get("username"))
    page = render(request, "admin/accounts/locked_out.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def minutes_left(request: HttpRequest, username: str | None) -> int:
    """Until the lock ends; the whole time where it has just begun."""
    rows = AccessAttempt.objects.filter(username=username, ip_address=address_of(request))
    last = _counting(rows, request).aggregate(last=Max("attempt_time"))["last"]
    left = last + settings.AXES_COOLOFF_TIME - timezone.now() if last else timedelta()
    return math.ceil(left / MINUTE) if left > timedelta() else _whole()


def forget_old(*, days: int) -> int:
    """Delete logins and failures older than so many days: they hold addresses of people. How many rows went."""
    old = timezone.now() - timedelta(days=days)
    return sum(model.objects.filter(attempt_time__lt=old).delete()[0] for model in (AccessLog, AccessAttempt))


def _counting(rows: QuerySet, request: HttpRequest) -> QuerySet:
    return rows.filter(user_agent__startswith=AT_SIGNING) if is_signing(request) else rows


def _whole() -> int:
    return math.ceil(settings.AXES_COOLOFF_TIME / MINUTE)


def _locked_out(minutes: int) -> LockedOut:
    said = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return LockedOut(f"Too many wrong passwords. Nothing was signed. Try again in {said}.")


def _bare(request: HttpRequest) -> HttpRequest:
    """A request at signing without what was typed, which axes would store, and what axes noted on it before."""
    bare = HttpRequest()
    bare.__dict__["is_signing"] = True
    kept = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT", "PATH_INFO")
    bare.META = {name: request.META[name] for name in kept if name in request.META}
    return bare


def _count(bare: HttpRequest, credentials: dict[str, str]) -> None:
    AxesProxyHandler.user_login_failed(None, credentials, bare)


def _forget(bare: HttpRequest, credentials: dict[str, str]) -> None:
    AxesProxyHandler.update_request(bare)
    AxesProxyHandler.get_implementation().reset_user_attempts(bare, credentials)
