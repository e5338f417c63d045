"""What a tool is, and a call of one: arguments are read as the API reads parameters, and refusals are its problems.

What is wrong with arguments, or with the article that was asked for, is a result with `isError`, because the model can
act on it; so it holds `error` with the problem's code and sentence. Source: MCP 2026-07-28, *Tools: Error Handling*.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.protocol.parameters import Parameter, require_none
from api.protocol.problems import InvalidParameter, Problem
from api.v1.mcp.messages import Json, short
from api.v1.mcp.shown import ERROR

INTEGER = "integer"
READS_ONLY = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}


@dataclass(frozen=True)
class Answer:
    """`text` says in Markdown what `structured` says."""

    structured: Json
    text: str


@dataclass(frozen=True)
class Tool:
    """`output`: the members of the structured result, all of which a result that is no error has."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    required: tuple[str, ...]
    output: Json
    run: Callable[[Json], Answer]

    def described(self) -> Json:
        properties = {row.name: _schema(row) for row in self.parameters}
        taken = {"type": "object", "properties": properties, "additionalProperties": False}
        given = {"type": "object", "properties": self.output | {"error": ERROR}}
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": taken | ({"required": list(self.required)} if self.required else {}),
            "outputSchema": given | {"anyOf": [{"required": list(self.output)}, {"required": ["error"]}]},
            "annotations": {"title": self.title} | READS_ONLY,
        }


def called(tool: Tool, arguments: Json) -> Json:
    """The result of `tools/call`."""
    try:
        answer, is_error = tool.run(_read(arguments, tool)), False
    except Problem as problem:
        if problem.status >= 500:
            raise
        answer, is_error = _failed(problem), True
    content = [{"type": "text", "text": answer.text}]
    return {"content": content, "structuredContent": answer.structured, "isError": is_error}


def _failed(problem: Problem) -> Answer:
    said: Json = {"code": problem.code, "title": problem.title, "detail": problem.detail} | problem.more
    lines = [f"{problem.title} {problem.detail}"]
    if problem.errors:
        said["errors"] = problem.errors
    if problem.code == "withdrawn":
        lines += _withdrawn(problem.more)
    return Answer({"error": said}, "\n\n".join(lines))


def _withdrawn(more: Json) -> list[str]:
    """The reason, the day, and where to read instead."""
    replacement, day = more["replacement"], (more["withdrawn_at"] or "")[:10]
    said = [f"Reason: {more['reason']}." + (f" Withdrawn on {day}." if day else ""), "Show nothing of its text."]
    if replacement:
        where = f", {replacement['url']}" if replacement["url"] else ""
        said.append(f"Replacement: the article {replacement['id']}{where}.")
    return said


def _schema(parameter: Parameter) -> Json:
    schema: Any = parameter.documented().type
    return schema | {"description": parameter.help}


def _read(given: Json, tool: Tool) -> Json:
    """{name: value} of all parameters. null counts as not given. Raises one problem that names all that is wrong."""
    known = {row.name: row for row in tool.parameters}
    found: Json = {row.name: row.default for row in tool.parameters}
    wrong: list[InvalidParameter] = []
    for name, value in given.items():
        try:
            found[name] = _value(known, name, value) if value is not None or name not in known else found[name]
        except InvalidParameter as error:
            wrong.append(error)
    lacking = [name for name in tool.required if given.get(name) is None]
    require_none([*wrong, *(InvalidParameter(name, "required", f"{name} is required.") for name in lacking)])
    return found


def _value(known: dict[str, Parameter], name: str, value: Any) -> Any:
    if name not in known:
        detail = f"{short(name)} is not an argument of this tool. Known arguments: {', '.join(sorted(known))}."
        raise InvalidParameter(short(name), "unknown", detail, code="not-a-parameter")
    wanted, schema = known[name], _schema(known[name])
    is_number = schema["type"] == INTEGER
    if not isinstance(value, int if is_number else str) or isinstance(value, bool):
        raise InvalidParameter(name, "type", f"{name} must be a {'whole number' if is_number else 'text'}.")
    if "\x00" in str(value):
        raise InvalidParameter(name, "character", f"{name} contains a NUL character; remove it.")
    return wanted.value(str(value))
