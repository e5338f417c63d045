"""`python -m tests.mutation.run FILES… TESTS… [--least 90] [--share 1/2]`: how many faults in files their tests find.

The tests run once as they are. Then each mutant of a file gets a process of its own, forked from there, which runs the
tests that call the mutated function, those that found most so far first, until one fails. A mutant that Python cannot
even import is not counted. Exit 1 when fewer are found than `--least`.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NoReturn

import pytest
from django.db import connections

from tests.mutation.mutate import ROOT, Mutant, module_of, mutants_of, put_in

LONGEST = 120  # seconds for one mutant; one that never ends is found
UNUSABLE = 3  # exit code of a process whose mutant cannot be imported
FOUND, SURVIVED, NEVER_ENDED, NO_MUTANT = "found", "survived", "never ended", "no mutant"


class Mutation:
    """The plugin that replaces pytest's loop."""

    def __init__(self, files: Sequence[str], share: str) -> None:
        self.files, (self.part, self.parts) = files, map(int, share.split("/"))
        self.callers: dict[tuple[str, str], set[str]] = defaultdict(set)  # {(file, function): tests that call it}
        self.seconds: dict[str, float] = {}
        self.finds = Counter[str]()
        self.ends: dict[str, Counter[str]] = {file: Counter() for file in files}
        self.failed: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        for item in session.items:
            self.watch(item)
        assert not self.failed, f"these fail without a mutant: {self.failed}"
        sources = {file: (ROOT / file).read_text() for file in self.files}
        end, finder = self.try_out(sources, session.items)
        assert end == SURVIVED, f"with the files as they are, put in like a mutant: {end}, {finder}"
        mutants = [(file, mutant) for file in self.files for mutant in mutants_of(sources[file])]
        for file, mutant in mutants[self.part - 1 :: self.parts]:
            self.judge(file, mutant, session.items)
        return True

    def pytest_runtest_logreport(self, report):
        self.failed += [report.nodeid] if report.failed else []

    def watch(self, item) -> None:
        """Run a test, and note which functions of the files it calls."""
        paths, began = {str(ROOT / file): file for file in self.files}, time.monotonic()

        def note(frame, event, argument):
            if event == "call" and (file := paths.get(frame.f_code.co_filename)):
                self.callers[file, frame.f_code.co_name].add(item.nodeid)

        sys.setprofile(note)
        self.run(item)
        sys.setprofile(None)
        self.seconds[item.nodeid] = time.monotonic() - began

    def run(self, item) -> None:
        """With another one as the next, so that nothing that lives as long as the run is taken down."""
        item._initrequest()
        item.session._setupstate.teardown_exact(item)
        other = next(each for each in item.session.items if each is not item)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=other)

    def judge(self, file: str, mutant: Mutant, items) -> None:
        chosen = [item for item in items if not mutant.function or item.nodeid in self.callers[file, mutant.function]]
        chosen.sort(key=lambda item: (-self.finds[item.nodeid], self.seconds[item.nodeid]))
        end, finder = self.try_out({file: mutant.source}, chosen) if chosen else (SURVIVED, "")
        self.ends[file][end] += 1
        self.finds.update([finder] if finder else [])
        if end != FOUND:
            print(f"\n{end}: {file}:{mutant.line} ({len(chosen)} tests) {mutant.fault}", flush=True)

    def try_out(self, sources: dict[str, str], items) -> tuple[str, str]:
        """(how it ends, the test that failed) with these sources in place of the files', in a process of its own."""
        connections.close_all()
        read, write = os.pipe()
        child = os.fork()
        if not child:
            self.run_until_one_fails(sources, items, write)
        os.close(write)
        with os.fdopen(read) as said:
            finder = said.read()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        ends = {0: FOUND if finder else SURVIVED, UNUSABLE: NO_MUTANT, -signal.SIGALRM: NEVER_ENDED}
        return ends.get(code, f"ended with {code}"), finder

    def run_until_one_fails(self, sources: dict[str, str], items, write: int) -> NoReturn:
        """In the forked process, which ends here and says nothing but the name of the test."""
        signal.alarm(LONGEST)
        try:
            for file, source in sources.items():
                put_in(module_of(file), source)
        except BaseException:
            os._exit(UNUSABLE)
        try:
            items[0].config.pluginmanager.unregister(name="terminalreporter")
            for item in items:
                self.run(item)
                if self.failed:
                    os.write(write, item.nodeid.encode())
                    break
        except BaseException:
            os._exit(1)
        os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", metavar="FILES… TESTS…", help="what begins with tests/ is a test")
    parser.add_argument("--least", type=float, default=90, help="per cent of all files together")
    parser.add_argument("--share", default="1/1", help="2/3: every third mutant, from the second on")
    given = parser.parse_args()
    tests = [name for name in given.names if name.startswith("tests/")]
    plugin = Mutation([name for name in given.names if name not in tests], given.share)
    code = pytest.main(["-q", *tests], plugins=[plugin])
    print()
    for file, ends in plugin.ends.items():
        print(f"{file}: {_in_words(ends)}")
    together = sum(plugin.ends.values(), Counter[str]())
    print(f"together: {_in_words(together)}")
    return 1 if code not in (0, 5) or _per_cent(together) < given.least else 0


def _in_words(ends: Counter[str]) -> str:
    others = "".join(f", {count} {end}" for end, count in ends.items() if end not in (FOUND, NO_MUTANT))
    return f"{ends.total() - ends[NO_MUTANT]} mutants, {_per_cent(ends):.1f} % found ({ends[FOUND]} by a test{others})"


def _per_cent(ends: Counter[str]) -> float:
    """One that never ends, or that breaks the run, is found too."""
    count = ends.total() - ends[NO_MUTANT]
    return 100 * (count - ends[SURVIVED]) / max(count, 1)


if __name__ == "__main__":
    sys.exit(main())
