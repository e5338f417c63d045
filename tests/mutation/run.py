"""`python -m tests.mutation.run FILE TESTS… [--least 90] [--share 1/2]`: how many faults in a file its tests find.

The tests run once as they are. Then each mutant of the file gets a process of its own, forked from there, which runs
the tests that call the mutated function, those that found most so far first, until one fails. Exit 1 when fewer are
found than `--least`.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter, defaultdict

import pytest
from django.db import connections

from tests.mutation.mutate import ROOT, Mutant, module_of, mutants_of, put_in

LONGEST = 120  # seconds for one mutant; one that never ends is found


class Mutation:
    """The plugin that replaces pytest's loop."""

    def __init__(self, file: str, share: str) -> None:
        self.file, (self.part, self.parts) = file, map(int, share.split("/"))
        self.callers: dict[str, set[str]] = defaultdict(set)  # {function: tests that call it}
        self.seconds: dict[str, float] = {}
        self.finds = Counter[str]()
        self.found = self.count = 0
        self.survivors: list[Mutant] = []
        self.has_failed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        for item in session.items:
            self.watch(item)
        assert not self.has_failed, "the tests fail without a mutant"
        module = module_of(self.file)
        for place, mutant in enumerate(mutants_of((ROOT / self.file).read_text())):
            if place % self.parts == self.part - 1:
                self.judge(mutant, module, session.items)
        return True

    def pytest_runtest_logreport(self, report):
        self.has_failed |= report.failed

    def watch(self, item) -> None:
        """Run a test, and note which functions of the file it calls."""
        path, began = str(ROOT / self.file), time.monotonic()

        def note(frame, event, argument):
            if event == "call" and frame.f_code.co_filename == path:
                self.callers[frame.f_code.co_name].add(item.nodeid)

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

    def judge(self, mutant: Mutant, module, items) -> None:
        chosen = [item for item in items if not mutant.function or item.nodeid in self.callers[mutant.function]]
        chosen.sort(key=lambda item: (-self.finds[item.nodeid], self.seconds[item.nodeid]))
        connections.close_all()
        self.count += 1
        finder = self.finder(mutant, module, chosen)
        if finder is not None:
            self.found += 1
            self.finds.update(chosen[finder : finder + 1] and [chosen[finder].nodeid])
        else:
            self.survivors.append(mutant)
            print(f"\nsurvives: {self.file}:{mutant.line} ({len(chosen)} tests) {mutant.fault}", flush=True)

    def finder(self, mutant: Mutant, module, items) -> int | None:
        """The place of the test that fails; None if none does. One that never ends, or breaks the run, is found too."""
        read, write = os.pipe()
        if child := os.fork():
            os.close(write)
            with os.fdopen(read) as said:
                place = said.read()
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            return int(place) if place else (None if code == 0 else len(items))
        signal.alarm(LONGEST)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            put_in(module, mutant.source)
            for place, item in enumerate(items):
                self.run(item)
                if self.has_failed:
                    os.write(write, str(place).encode())
                    break
        except BaseException:
            os._exit(1)
        os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--least", type=float, default=90, help="per cent")
    parser.add_argument("--share", default="1/1", help="2/3: every third mutant, from the second on")
    given = parser.parse_args()
    plugin = Mutation(given.file, given.share)
    code = pytest.main(["-q", *given.tests], plugins=[plugin])
    per_cent = 100 * plugin.found / max(plugin.count, 1)
    print(f"\n{given.file}: {plugin.found} of {plugin.count} found, {per_cent:.1f} %")
    return 1 if code not in (0, 5) or per_cent < given.least else 0


if __name__ == "__main__":
    sys.exit(main())
