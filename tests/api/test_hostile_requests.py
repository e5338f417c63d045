"""What tests/api/test_problems.py does not send: hosts, masses of parameters, long and doubly encoded paths."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["evil.example", "a b", "\x01", "[::1", "a" * 5_000, "testserver@evil"])
def test_a_hostile_host_is_a_problem(require_problem, host):
    require_problem("articles/", 400, "invalid-parameter", host=host)


@pytest.mark.parametrize(
    "query", ["&".join(f"a{n}=1" for n in range(1_000)), "topic=a&" * 60, "x" * 10_000, "topic=" + "%C3%A9" * 2_000]
)
def test_masses_of_parameters_are_a_problem(get, query):
    answer = get(f"articles/?{query}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "path",
    [
        "articles/../../etc/passwd",
        "articles/%2e%2e%2f%2e%2e/",
        "articles/%252e%252e%252f/",
        "articles/%25%30%30/",
        "articles/" + "../" * 3_000,
    ],
)
def test_a_path_that_climbs_is_not_found(require_problem, path):
    require_problem(path, 404, "not-found")
