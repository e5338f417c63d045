"""A pytest plugin: the run has the fault that MUTANT_FILE and MUTANT_SOURCE name."""

import os

from tests.mutation.mutate import module_of, put_in


def pytest_collection_finish(session):
    put_in(module_of(os.environ["MUTANT_FILE"]), os.environ["MUTANT_SOURCE"])
