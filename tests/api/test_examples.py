"""The examples of the OpenAPI document: everything has one, and each is as its schema says, with nothing beside it."""

import json

import pytest

from api.v1.schemas.section import KINDS
from tests.api.openapi import document, faults

OPERATIONS = {
    operation["operationId"]: operation
    for methods in document("open")["paths"].values()
    for operation in methods.values()
}
PARAMETERS = {
    f"{operation}: {row['name']}": row for operation, said in OPERATIONS.items() for row in said.get("parameters", [])
}
SECTIONS = [
    name
    for name in document()["components"]["schemas"]
    if name.endswith("Section") and "anyOf" not in document()["components"]["schemas"][name]
]


def contents(operation):
    """(where, its schema, its examples) of every answer that has a body, and of what is sent."""
    said = OPERATIONS[operation]
    for status, answer in said["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            yield f"{status} {media_type}", content
    for media_type, content in said.get("requestBody", {}).get("content", {}).items():
        yield f"sent {media_type}", content


def value_of(example):
    """What it shows, where it stands among the components, too."""
    if "$ref" in example:
        example = document("open")["components"]["examples"][example["$ref"].rpartition("/")[2]]
    return example["value"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_and_problem_has_an_example_that_is_as_documented(operation):
    found = {where: content.get("examples") for where, content in contents(operation)}
    wrong = {
        f"{where} {name}": faults(content["schema"], value_of(example))
        for where, content in contents(operation)
        for name, example in content.get("examples", {}).items()
    }

    assert [where for where, examples in found.items() if not examples] == []
    assert {where: said for where, said in wrong.items() if said} == {}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_problem_is_an_example_of_its_status(operation):
    shown = {
        (where[:3], value_of(example)["status"])
        for where, content in contents(operation)
        if where.endswith("problem+json")
        for example in content["examples"].values()
    }

    assert shown and all(int(documented) == status for documented, status in shown)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_is_a_closed_list_or_has_an_example(name):
    schema = PARAMETERS[name]["schema"]

    if "enum" in schema.get("items", schema):
        assert "example" not in PARAMETERS[name]
    else:
        assert faults(schema, PARAMETERS[name]["example"]) == []


@pytest.mark.parametrize("name", SECTIONS)
def test_every_kind_of_section_has_an_example(name):
    schema = document("open")["components"]["schemas"][name]

    assert schema["examples"]
    assert [faults({"$ref": f"#/components/schemas/{name}"}, value) for value in schema["examples"]] == [[]]


def test_there_is_one_for_each_kind_in_both_forms():
    """Portable Text has a schema of its own for each kind; a kind to come has one, too."""
    schemas = document("open")["components"]["schemas"]
    shown = [value["kind"] for name in SECTIONS for value in schemas[name]["examples"]]

    assert len(SECTIONS) == 2 * (len(KINDS) + 1)
    assert sorted(shown) == sorted([*KINDS, "from-tomorrow"] * 2)


def test_our_tests_would_notice_a_member_that_nobody_described():
    example = value_of(OPERATIONS["locales"]["responses"]["200"]["content"]["application/json"]["examples"]["locales"])
    example = json.loads(json.dumps(example)) | {"colour": "red"}

    assert faults(OPERATIONS["locales"]["responses"]["200"]["content"]["application/json"]["schema"], example)


def test_no_example_names_the_machine_on_which_it_was_written():
    assert "127.0.0.1" not in json.dumps(document("open"))
