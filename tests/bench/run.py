"""`make bench`: the speed that the documentation claims, measured with the other sides in the same run.

Prints the table of docs/operators.md; exits 1 when a target is missed. Not a test: machines differ. It needs wrk, and
nginx for one row (apt-get install wrk nginx-light).
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from urllib.request import Request

from tests.bench import places, search
from tests.bench.load import COLD, Measured, Side, interleaved, require_wrk
from tests.bench.server import OPENER, running, started

ROUNDS, SECONDS, STARTS = 5, 2.0, 5
FEW, MANY, SYNCED = 1_000, 20_000, 10_000
HOT = 20  # so many articles are what everybody reads at once
DELIVERY, SIDES, BARE = "cms.settings.delivery", "tests.bench.sides.settings", "tests.bench.sides.bare"
LIST = "/api/v1/articles/"


@dataclass(frozen=True)
class Row:
    """`holds` is None for what is reported without a target."""

    name: str
    value: str
    target: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        return f"| {self.name} | {self.value} | {self.target} |"


def main() -> int:
    require_wrk()
    print("| what | measured | target |\n|---|---|---|")
    missed = []
    for row in rows():
        print(row, flush=True)
        missed += [row.name] if row.holds is False else []
    for name in missed:
        print(f"MISSED {name}", file=sys.stderr)
    return 1 if missed else 0


def rows() -> Iterator[Row]:
    with ExitStack() as stack:
        few, many = (stack.enter_context(places.database(places.POSTGRESQL)) for _ in range(2))
        embedded = stack.enter_context(places.database(places.SQLITE))
        articles, _, _ = places.filled(few, FEW), places.filled(embedded, FEW), places.filled(many, MANY)
        yield from detail_and_list(few, many, embedded, articles)
        yield from syncing(many)
        yield from starts(few)
    yield from publishing()
    yield from (Row(*row) for row in search.rows())


def detail_and_list(few: dict, many: dict, embedded: dict, articles: dict) -> Iterator[Row]:
    ours = [f"{LIST}{slug}/" for slug in articles["slugs"]]
    with ExitStack() as stack:

        def served(settings: str, environment: dict) -> int:
            return stack.enter_context(running(settings, environment=environment, path="/healthz"))[0]

        small, large, sqlite = (served(DELIVERY, place) for place in (few, many, embedded))
        sides, bare = served(SIDES, few), served(BARE, {})
        static = stack.enter_context(places.nginx(OPENER.open(f"http://127.0.0.1:{small}{ours[0]}").read()))
        wagtail = "/wagtail-api/pages/"
        card = "fields=summary,audience,hero_400,hero_600,hero_800"
        found = interleaved(
            {
                "bare": Side(bare, ["/constant/"]),
                "warm": Side(small, ours[:HOT]),
                "cold": Side(small, ours, COLD),
                "SQLite": Side(sqlite, ours, COLD),
                "many": Side(large, [f"{LIST}article-{at:07}/" for at in range(MANY)], COLD),
                "Wagtail": Side(sides, [f"{wagtail}{page}/" for page in articles["pages"]]),
                "DRF": Side(sides, [f"/drf/articles/{slug}/" for slug in articles["slugs"]]),
                "warm list": Side(small, [LIST]),
                "list": Side(small, [LIST], COLD),
                "deep": Side(small, [deepest(small)], COLD),
                "list of many": Side(large, [LIST], COLD),
                "deep in many": Side(large, [deepest(large)], COLD),
                "Wagtail list": Side(sides, [f"{wagtail}?type=articles.ArticlePage&{card}&limit=20"]),
                "DRF list": Side(sides, ["/drf/articles/"]),
                **({"nginx": Side(static, ["/article.json"])} if static else {}),
            },
            rounds=ROUNDS,
            seconds=SECONDS,
        )
    least, most = partial(_least, found), partial(_most, found)
    if static:
        yield Row("nginx, a static file", str(found["nginx"]))
    yield Row("Django view without middleware, constant bytes", str(found["bare"]))
    yield Row("Wagtail's API v2: detail; list", f"{found['Wagtail']}; {found['Wagtail list']}")
    yield Row("DRF serializer, prefetched: detail; list", f"{found['DRF']}; {found['DRF list']}")
    yield least("detail, warm / Django view", "warm", "bare", 0.6)
    yield least("detail, cold, PostgreSQL / Django view", "cold", "bare", 0.15)
    yield least("detail, cold, SQLite / Django view", "SQLite", "bare", 0.35)
    yield least("detail, cold / Wagtail's API v2", "cold", "Wagtail", 60)
    yield least("detail, warm / Wagtail's API v2", "warm", "Wagtail", 200)
    yield least(f"detail, cold, {MANY:,} articles / {FEW:,}", "many", "cold", 0.7)
    yield least("list of 20, warm / Wagtail's API v2", "warm list", "Wagtail list", 35)
    yield least("list of 20, cold / Wagtail's API v2", "list", "Wagtail list", 35)
    yield least("list of 20, cold / DRF serializer", "list", "DRF list", 25)
    yield most(f"list, first page / deepest, {FEW:,} articles", "list", "deep", 1.5)
    yield most(f"list, first page / deepest, {MANY:,} articles", "list of many", "deep in many", 1.5)


def _least(found: dict[str, Measured], name: str, ours: str, theirs: str, target: float) -> Row:
    ratio = found[ours].rps / found[theirs].rps
    return Row(name, f"{ratio:.2f} ({found[ours]})", f"at least {target}", ratio >= target)


def _most(found: dict[str, Measured], name: str, first: str, deep: str, target: float) -> Row:
    ratio = found[first].rps / found[deep].rps
    return Row(name, f"{ratio:.2f} ({found[first]}; {found[deep]})", f"at most {target}", ratio <= target)


def deepest(port: int) -> str:
    """The address of the last page of 20 that is full."""
    path = last = f"{LIST}?page_size=100"
    while following := _json(port, path)["next"]:
        last, path = path, following[following.index("/api/") :]
    return last.replace("page_size=100", "page_size=20")


def _json(port: int, path: str) -> dict:
    with OPENER.open(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)


def syncing(environment: dict) -> Iterator[Row]:
    with running(DELIVERY, environment=environment) as (port, _):
        begun, path, count = time.monotonic(), "/api/v1/changes/?include=articles", 0
        while count < SYNCED:
            page = _json(port, path)
            count += len(page["results"])
            path = f"/api/v1/changes/?include=articles&cursor={page['cursor']}"
        taken = time.monotonic() - begun
        yield Row(f"full sync of {count:,} articles, one client, s", f"{taken:.1f}", "under 60", taken < 60)
        path = "/api/v1/changes/"
        while (page := _json(port, path))["has_more"]:
            path = page["next"][page["next"].index("/api/") :]
        sides = {
            "poll": Side(port, [f"/api/v1/changes/?cursor={page['cursor']}"], COLD),
            "detail": Side(port, [f"{LIST}article-{at:07}/" for at in range(MANY)], COLD),
        }
        found = interleaved(sides, rounds=ROUNDS, seconds=SECONDS)
        yield _least(found, f"poll of the feed without news, {MANY:,} articles / detail, cold", "poll", "detail", 0.5)


def starts(environment: dict) -> Iterator[Row]:
    taken, memory = [], []
    for _ in range(STARTS):
        with started(DELIVERY, environment=environment) as server:
            OPENER.open(Request(f"http://127.0.0.1:{server.port}{LIST}")).read()
            taken.append(server.seconds)
            memory.append(server.memory_mib())
    yield Row("delivery process, start to first answer, s", f"{median(taken):.1f}", "under 2", median(taken) < 2)
    yield Row("delivery process with one worker, MiB", f"{median(memory):.0f}", "under 90", median(memory) < 90)
    taken = []
    for _ in range(STARTS):
        with running("cms.settings.dev", environment=environment) as (_, seconds):
            taken.append(seconds)
    yield Row("whole project, start to first answer, s", f"{median(taken):.1f}", "under 6", median(taken) < 6)


def publishing() -> Iterator[Row]:
    """Inside one process, on SQLite: import, and publishing beside Wagtail's own; see tests/bench/inside.py."""
    with places.database(places.SQLITE) as environment:
        facts = places.ran("tests.bench.inside", environment=environment)
    ours, theirs = facts["publish_ms"], facts["wagtail_publish_ms"]
    shown = f"{ours / theirs:.2f} ({ours:.0f} ms and {theirs:.0f} ms)"
    yield Row("publishing / Wagtail's own publication of the same page", shown, "at most 1.2", ours / theirs <= 1.2)
    more = facts["passkey_ms"] - facts["password_ms"]
    shown = f"{more:.0f} ({facts['passkey_ms']:.0f} and {facts['password_ms']:.0f})"
    yield Row(
        "a signature with a passkey rather than a password, more processor time, ms", shown, "at most 25", more <= 25
    )
    yield Row("import of a sample article, s", f"{facts['import_s']:.2f}", "under 1", facts["import_s"] < 1)


if __name__ == "__main__":
    sys.exit(main())
