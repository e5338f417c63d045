"""How long the worker takes to sign states: `python -m tests.bench.states 5000`, on both engines.

One article goes through the real workflow, and its rows are copied. Prints seconds: to sign all for the first time, to
sign what one act changed, to sign again at the middle of their time, and a second in which there is nothing to do.
"""

import json
import sys

from tests.bench.places import POSTGRESQL, SQLITE, database, ran


def main(number: int) -> None:
    for engine in (SQLITE, POSTGRESQL):
        with database(engine) as environment:
            ran("tests.bench.articles", str(number), environment=environment)
            print(engine, json.dumps(ran("tests.bench.signing", environment=environment)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
