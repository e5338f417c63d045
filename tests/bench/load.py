"""A small load generator: keep-alive connections in threads, for a fixed time. Requests per second and p99."""

import re
import socket
import threading
import time
from dataclasses import dataclass
from statistics import median, quantiles

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Measured:
    rps: float
    p99_ms: float


def load(port: int, path: str, *, seconds: float, connections: int = 4) -> Measured:
    """Ask for `path` as fast as the server answers. Raises when an answer is not 200."""
    taken: list[float] = []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=_ask, args=(port, path, until, taken)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not taken:
        raise RuntimeError(f"{path} was never answered with 200")
    p99 = quantiles(taken, n=100)[-1] if len(taken) > 1 else taken[0]
    return Measured(len(taken) / seconds, p99 * 1000)


def _ask(port: int, path: str, until: float, taken: list[float]) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        while time.monotonic() < until:
            begun = time.perf_counter()
            connection.sendall(request)
            if not _read(connection).startswith(b"HTTP/1.1 200"):
                return
            taken.append(time.perf_counter() - begun)


def _read(connection: socket.socket) -> bytes:
    """One answer's head; its body, of the length that it says, is read and dropped. Bare sockets: http.client
    costs more than the servers that are measured, on the same two cores."""
    answer = bytearray()
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += connection.recv(1 << 16)
    head = bytes(answer[:end])
    left = int(LENGTH.search(head)[1]) - (len(answer) - end - 4)
    while left > 0:
        left -= len(connection.recv(1 << 16))
    return head


def interleaved(port: int, paths: dict[str, str], *, rounds: int, seconds: float) -> dict[str, Measured]:
    """The median of several rounds, the paths taking turns, so that noise hits all alike."""
    found: dict[str, list[Measured]] = {name: [] for name in paths}
    for _ in range(rounds):
        for name, path in paths.items():
            found[name].append(load(port, path, seconds=seconds))
    return {
        name: Measured(median(one.rps for one in rows), median(one.p99_ms for one in rows))
        for name, rows in found.items()
    }
