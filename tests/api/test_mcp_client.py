"""The official client of the Model Context Protocol against the delivery process, in both eras of the protocol."""

import pytest
from django.db import connections, transaction

from tests import databases, worlds
from tests.bench.server import running
from tests.conftest import absent

try:
    import anyio
    from mcp import Client
except ImportError:
    Client = None


@pytest.fixture
def address(world, tmp_path, monkeypatch):
    """Where the server is, which has one article."""
    if Client is None:
        absent("The package mcp is not here (make .venv/installed-test)")
    with transaction.atomic():
        for build in worlds.BUILDERS.values():
            build()
        connections["default"].run_on_commit = []
    url = databases.url_of(world.name) if world.is_postgresql else f"sqlite:///{world.name}"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running("cms.settings.delivery", environment={"DATABASE_URL": url, "VAR_DIR": str(tmp_path)}) as (port, _):
        yield f"http://127.0.0.1:{port}/api/v1/mcp/"


@pytest.mark.parametrize("mode", ["auto", "legacy", "2026-07-28"])
def test_an_assistant_finds_reads_and_checks(address, mode):
    told = anyio.run(conversation, address, mode)

    assert told["tools"] == ["find_passages", "get_article", "check_quote"]
    assert told["version"] == ("2025-11-25" if mode == "legacy" else "2026-07-28")
    (passage,) = told["passages"].structured_content["results"]
    assert passage["review"]["reviewed_by"][0]["name"] == "Dr Ada Reviewer"
    assert told["article"].structured_content["article"]["id"] == passage["article"]["id"]
    assert "Dr Ada Reviewer" in told["article"].content[0].text
    assert told["quote"].structured_content["verbatim"] and not told["quote"].is_error
    assert told["missing"].is_error and told["missing"].structured_content["error"]["code"] == "not-found"


async def conversation(address: str, mode: str) -> dict:
    """The client holds each result against the schema of its tool, and raises if it does not fit."""
    async with Client(address, mode=mode) as client:
        tools = await client.list_tools()
        passages = await client.call_tool("find_passages", {"kind": "risks"})
        article = passages.structured_content["results"][0]["article"]["id"]
        return {
            "tools": [tool.name for tool in tools.tools],
            "version": client.protocol_version,
            "passages": passages,
            "article": await client.call_tool("get_article", {"article": article}),
            "quote": await client.call_tool("check_quote", {"quote": "An itchy scalp is common."}),
            "missing": await client.call_tool("get_article", {"article": "nothing"}),
        }
