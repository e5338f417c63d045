"""Processes of our own that crash, race or watch: forked from the test, on a committed database of its own.

No exception stands in for a crash: `os._exit` ends the child as a power cut would, and the database must cope.
"""

import multiprocessing
import os
import traceback
from collections.abc import Callable
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from articles.errors import DomainError

CRASHED = 77
CONTEXT = multiprocessing.get_context("fork")
Act = Callable[[], object]


def run(act: Act) -> int:
    """Exit code of a child that does `act`: 0 done, CRASHED, 1 with its traceback on stderr."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _exit_after(act)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def crash_after(statement: int, act: Act) -> bool:
    """Do `act` in a child that dies right after its n-th SQL statement. False: it ended before."""

    def dying() -> None:
        with connection.execute_wrapper(_dying_after(statement)):
            act()

    code = run(dying)
    assert code in (0, CRASHED), f"the child ended with {code}"
    return code == CRASHED


def together(*acts: Act) -> list[str]:
    """Do all at once, each in a process of its own behind one barrier: "done" or the code of the refusal, in order."""
    connections.close_all()
    barrier, answers = CONTEXT.Barrier(len(acts)), CONTEXT.SimpleQueue()
    children = [CONTEXT.Process(target=_race, args=(place, act, barrier, answers)) for place, act in enumerate(acts)]
    for child in children:
        child.start()
    told = dict(answers.get() for _ in children)
    for child in children:
        child.join(60)
    return [told[place] for place in range(len(acts))]


@contextmanager
def killed_at(owner: object, name: str, *, before: bool):
    """For a child only: SIGKILL before or after it calls `owner.name` (a function of the standard library)."""
    real = getattr(owner, name)

    def deadly(*args, **kwargs):
        if not before:
            real(*args, **kwargs)
        os.kill(os.getpid(), 9)

    setattr(owner, name, deadly)
    try:
        yield
    finally:
        setattr(owner, name, real)


def _dying_after(statement: int):
    count = 0

    def execute(run_sql, sql, params, many, context):
        nonlocal count
        result = run_sql(sql, params, many, context)
        count += 1
        if count == statement:
            os._exit(CRASHED)
        return result

    return execute


def _exit_after(act: Act) -> None:
    try:
        act()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    connections.close_all()
    os._exit(0)


def _race(place: int, act: Act, barrier, answers) -> None:
    connections.close_all()
    barrier.wait(30)
    try:
        act()
        answers.put((place, "done"))
    except DomainError as error:
        answers.put((place, error.code))
    except PermissionDenied as error:  # Wagtail's own refusal
        answers.put((place, str(error)))
    except BaseException:
        answers.put((place, traceback.format_exc()))
    connections.close_all()
