"""wrk, the load generator: requests per second and latencies of keep-alive connections, for a fixed time."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

COLD = {"Prefer": "handling=strict"}  # passes by the cache of a second
ALL_AT_ONCE, ONE_BY_ONE = 8, 1
SCRIPT = """
local paths = {%s}
local headers = {%s}
init = function() math.randomseed(7) end
request = function() return wrk.format("GET", paths[math.random(#paths)], headers) end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nmeasured {"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, "failed": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True)
class Measured:
    rps: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return f"{self.rps:,.0f} rps, p99 {self.p99_ms:.1f} ms"


@dataclass(frozen=True)
class Side:
    """Whom to ask for what: one of `paths` at random, each time."""

    port: int
    paths: Sequence[str]
    headers: Mapping[str, str] | None = None
    connections: int = ALL_AT_ONCE


def require_wrk() -> None:
    if not shutil.which("wrk"):
        sys.exit("The benchmark needs wrk: apt-get install wrk")


def load(side: Side, *, seconds: float) -> Measured:
    """Raises RuntimeError when an answer is not 2xx or 3xx."""
    paths = ", ".join(map(json.dumps, side.paths))
    headers = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in (side.headers or {}).items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (paths, headers))
        script.flush()
        command = ["wrk", "-t1", f"-c{side.connections}", f"-d{seconds:.0f}s", "-s", script.name]
        made = subprocess.run([*command, f"http://127.0.0.1:{side.port}/"], capture_output=True, text=True, check=True)
    found = json.loads(made.stdout.rpartition("measured ")[2])
    if found["failed"] or not found["requests"]:
        raise RuntimeError(f"{side.paths[0]}: {found}")
    return Measured(found["requests"] / found["seconds"], found["p50"], found["p99"])


def interleaved(sides: Mapping[str, Side], *, rounds: int, seconds: float) -> dict[str, Measured]:
    """The median of several rounds, the sides taking turns, so that noise hits all alike."""
    found: dict[str, list[Measured]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            found[name].append(load(side, seconds=seconds))
    return {
        name: Measured(*(median(getattr(row, field) for row in rows) for field in ("rps", "p50_ms", "p99_ms")))
        for name, rows in found.items()
    }
