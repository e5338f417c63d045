"""`mcp/`: what the tools tell, what must be shown with it, and what is refused in which words."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from jsonschema import Draft202012Validator
from wagtail.log_actions import LogContext

from api.v1.mcp import methods, versions
from api.v1.mcp.check_quote import folded
from api.v1.mcp.view import MOST_BYTES
from articles.publishing import notices
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    make_disclaimer,
    make_offer,
    make_on_call,
    make_source,
    sign_as,
)
from tests.gate.marked import MARK, make_marked

pytestmark = pytest.mark.django_db

URL = "/api/v1/mcp/"
CLIENT = Client(raise_request_exception=False)
SENTENCE = "An itchy scalp is common."
META = {versions.VERSION: "2026-07-28", versions.CAPABILITIES: {}}


def send(body, **headers):
    """Headers by their names with underscores; a body of bytes is sent as it is."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return CLIENT.post(URL, data=content, content_type="application/json", headers=named)


def ask(method: str, params=None, **headers):
    return send({"jsonrpc": "2.0", "id": 7, "method": method} | ({"params": params} if params else {}), **headers)


def ask_modern(method: str, params=None, **headers):
    given = {"MCP_Protocol_Version": "2026-07-28", "Mcp_Method": method}
    if method == "tools/call":
        given["Mcp_Name"] = (params or {}).get("name", "")
    return ask(method, {"_meta": META} | (params or {}), **(given | headers))


def call(name: str, **arguments) -> dict:
    """The result of a tool, which is as its schema says."""
    answer = ask("tools/call", {"name": name, "arguments": arguments})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json"), answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    result = json.loads(answer.content)["result"]
    Draft202012Validator(methods.TOOLS[name].described()["outputSchema"]).validate(result["structuredContent"])
    return result


def found(name: str, **arguments) -> tuple[dict, str]:
    """(structured, text) of a call that is no error."""
    result = call(name, **arguments)
    assert not result["isError"], result
    return result["structuredContent"], result["content"][0]["text"]


def refused(name: str, **arguments) -> tuple[dict, str]:
    """(error, text) of a call that is an error."""
    result = call(name, **arguments)
    assert result["isError"] and list(result["structuredContent"]) == ["error"]
    return result["structuredContent"]["error"], result["content"][0]["text"]


def error_of(answer, status: int) -> tuple[int, str]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json"), answer.content
    error = json.loads(answer.content)["error"]
    return error["code"], error["message"]


@pytest.fixture
def clinician(people):
    """A reviewer who may withdraw."""
    people.reviewer.user_permissions.add(Permission.objects.get(codename="withdraw_article"))
    return type(people.reviewer).objects.get(pk=people.reviewer.pk)


# Who we are, and which tools there are.


@pytest.mark.parametrize("version", versions.LEGACY)
def test_initialize_agrees_on_the_version_that_was_asked_for(version):
    answer = json.loads(ask("initialize", {"protocolVersion": version}).content)["result"]

    assert answer["protocolVersion"] == version and answer["capabilities"] == {"tools": {}}
    assert answer["serverInfo"]["name"] == "vetted" and "disclaimers" in answer["instructions"]


@pytest.mark.parametrize("version", ["2024-11-05", "2026-07-28", "2099-01-01", ""])
def test_initialize_offers_its_newest_version_with_a_handshake_instead_of_another_one(version):
    answer = json.loads(ask("initialize", {"protocolVersion": version}).content)["result"]

    assert answer["protocolVersion"] == "2025-11-25"


def test_a_notification_is_heard_without_a_word():
    answer = send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    assert (answer.status_code, answer.content) == (202, b"")


def test_ping_is_answered_with_nothing():
    answer = ask("ping", MCP_Protocol_Version="2025-11-25", Accept="application/json, text/event-stream")

    assert json.loads(answer.content) == {"jsonrpc": "2.0", "id": 7, "result": {}}


def test_discover_names_the_versions_without_a_handshake():
    result = json.loads(ask_modern("server/discover").content)["result"]

    assert result["supportedVersions"] == ["2026-07-28"] and result["resultType"] == "complete"
    assert result["ttlMs"] > 0 and result["cacheScope"] == "public"
    assert result["_meta"][versions.SERVER]["name"] == "vetted"


def test_each_tool_says_what_it_takes_and_gives_and_that_it_writes_nothing():
    tools = json.loads(ask("tools/list").content)["result"]["tools"]

    assert [tool["name"] for tool in tools] == ["find_passages", "get_article", "check_quote"]
    for tool in tools:
        Draft202012Validator.check_schema(tool["inputSchema"])
        Draft202012Validator.check_schema(tool["outputSchema"])
        assert tool["annotations"]["readOnlyHint"] and not tool["annotations"]["openWorldHint"]


def test_a_modern_request_is_answered_without_a_handshake(published):
    params = {"name": "get_article", "arguments": {"article": published.slug}}

    result = json.loads(ask_modern("tools/call", params).content)["result"]

    assert result["resultType"] == "complete" and not result["isError"]


def test_an_encoded_name_is_read(published):
    params = {"name": "get_article", "arguments": {"article": published.slug}}

    assert ask_modern("tools/call", params, Mcp_Name="=?base64?Z2V0X2FydGljbGU=?=").status_code == 200


@pytest.mark.parametrize(
    ("headers", "meta", "code"),
    [
        ({"MCP_Protocol_Version": "1900-01-01"}, {}, -32022),
        ({"MCP_Protocol_Version": "2025-03-26"}, {}, -32022),
        ({"MCP_Protocol_Version": "1900-01-01"}, META | {versions.VERSION: "1900-01-01"}, -32022),
        ({"MCP_Protocol_Version": "2026-07-28"}, {}, -32602),
        ({"MCP_Protocol_Version": "2026-07-28"}, {versions.VERSION: "2026-07-28"}, -32602),
        ({"MCP_Protocol_Version": "2026-07-28"}, META | {versions.VERSION: ["2026-07-28"]}, -32602),
        ({}, META, -32020),
        ({"MCP_Protocol_Version": "2025-11-25", "Mcp_Method": "tools/list"}, META, -32020),
        ({"MCP_Protocol_Version": "2026-07-28"}, META, -32020),
        ({"MCP_Protocol_Version": "2026-07-28", "Mcp_Method": "ping"}, META, -32020),
    ],
)
def test_headers_that_do_not_fit_the_body_are_refused(headers, meta, code):
    assert error_of(ask("tools/list", {"_meta": meta}, **headers), 400)[0] == code


@pytest.mark.parametrize("name", ["check_quote", "", "=?base64?%%%?=", "=?base64?/w==?="])
def test_a_header_that_names_another_tool_is_refused(name):
    params = {"name": "get_article", "arguments": {}}

    assert error_of(ask_modern("tools/call", params, Mcp_Name=name), 400)[0] == -32020


def test_an_unsupported_version_is_told_the_supported_ones():
    answer = ask("tools/list", MCP_Protocol_Version="1900-01-01")

    assert json.loads(answer.content)["error"]["data"] == {
        "supported": ["2026-07-28", "2025-11-25", "2025-06-18"],
        "requested": "1900-01-01",
    }


# The transport.


@pytest.mark.parametrize("method", ["get", "head", "delete", "put", "patch"])
def test_there_is_no_stream_and_no_session(method):
    answer = getattr(CLIENT, method)(URL, headers={"Accept": "text/event-stream"})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_final_slash_may_be_left_out():
    answer = CLIENT.post(URL[:-1], data=b'{"jsonrpc":"2.0","id":1,"method":"ping"}', content_type="application/json")

    assert answer.status_code == 200


def test_a_browser_may_ask_from_every_origin():
    answer = CLIENT.options(URL, headers={"Origin": "https://assistant.example"})

    assert answer.status_code == 204 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST, OPTIONS"
    assert "Mcp-Method" in answer.headers["Access-Control-Allow-Headers"]
    assert ask("ping", Origin="https://assistant.example").status_code == 200
    assert ask("ping", Origin="null").status_code == 200


@pytest.mark.parametrize("origin", ["", "evil", "https://", "https://a/b", "https://a b", "javascript:alert(1)"])
def test_what_is_no_origin_is_refused(origin):
    assert ask("ping", Origin=origin).status_code == 403


def test_a_host_that_is_not_ours_is_refused():
    """As after DNS rebinding."""
    assert ask("ping", Host="evil.example", Origin="http://evil.example").status_code == 400


def test_a_client_that_wants_no_json_is_refused():
    assert ask("ping", Accept="text/event-stream").status_code == 406


def test_a_parameter_in_the_address_is_refused():
    answer = CLIENT.post(f"{URL}?a=1", data=b"{}", content_type="application/json")

    assert json.loads(answer.content)["type"] == "/problems/not-a-parameter"


def test_a_key_that_does_not_work_is_refused():
    assert ask("ping", X_Api_Key="wrong").status_code == 401


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 1024 * 1024, 10_000_000])
def test_a_large_body_is_refused(size):
    answer = send(b" " * size)

    assert answer.status_code == 413 and json.loads(answer.content)["type"] == "/problems/too-large"


@pytest.mark.parametrize("stated", ["9" * 5000, "99999999999", "-1", "x", ""])
def test_what_a_body_says_of_its_length_harms_nobody(stated):
    answer = CLIENT.generic("POST", URL, b"{}", "application/json", CONTENT_LENGTH=stated)

    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"jsonrpc": "2.0", "id": 1, "met',
        b"hello",
        b"[" * 60_000,
        b'{"a":' * 12_000,
        b"\x00",
        b'"\xff"',
        b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}',
        b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}',
        b"1" * 5_000,
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"jsonrpc=2.0&method=ping",
    ],
)
def test_what_is_no_json_is_a_parse_error(body):
    assert error_of(send(body), 400)[0] == -32700


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"jsonrpc": "2.0", "id": 1, "method": "ping"}],
        {},
        "text",
        None,
        7,
        {"id": 1, "method": "ping"},
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "2.0", "id": 1, "method": 5},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "2.0", "id": True, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "ping"},
        {"jsonrpc": "2.0", "id": {}, "method": "ping"},
        {"jsonrpc": "2.0", "method": "ping"},
        {"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "get_article"}},
    ],
)
def test_what_is_no_message_is_an_invalid_request(body):
    assert error_of(send(body), 400)[0] == -32600


@pytest.mark.parametrize("params", [[], "x", 7, None])
def test_params_that_are_no_object_are_refused(params):
    body = {"jsonrpc": "2.0", "id": "a", "method": "ping", "params": params}

    assert error_of(send(body), 400)[0] == -32602
    assert json.loads(send(body).content)["id"] == "a"


@pytest.mark.parametrize("method", ["resources/list", "prompts/list", "logging/setLevel", "", "\x00", "x" * 9_000])
def test_an_unknown_method_is_refused(method):
    assert error_of(ask(method), 200)[0] == -32601
    assert "tools/call" in error_of(ask(method), 200)[1] and len(ask(method).content) < 500


def test_an_unknown_method_is_404_for_clients_without_a_handshake():
    assert error_of(ask_modern("ping"), 404)[0] == -32601
    assert error_of(ask_modern("initialize"), 404)[0] == -32601


@pytest.mark.parametrize("params", [{"name": "delete"}, {"name": 5}, {}, {"name": "get_article", "arguments": []}])
def test_a_call_of_no_tool_is_refused(params):
    assert error_of(ask("tools/call", params), 200)[0] == -32602


def test_an_unknown_tool_is_400_for_clients_without_a_handshake():
    code, message = error_of(ask_modern("tools/call", {"name": "delete"}), 400)

    assert code == -32602 and message == "Unknown tool: delete. Tools: find_passages, get_article, check_quote."


def test_the_list_of_tools_has_one_page():
    assert error_of(ask("tools/list", {"cursor": "x"}), 200)[0] == -32602


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("get_article", {}, "article is required."),
        ("get_article", {"article": None}, "article is required."),
        ("get_article", {"article": 5}, "article must be a text."),
        ("get_article", {"article": ["a"]}, "article must be a text."),
        ("get_article", {"article": ""}, "article must have 1 to 255 characters."),
        ("get_article", {"article": "a\x00"}, "article contains a NUL character; remove it."),
        ("get_article", {"article": "a", "locale": "../x"}, "locale must be a language tag"),
        ("get_article", {"article": "a", "write": "x"}, "write is not an argument of this tool."),
        ("get_article", {"article": "a", "\x00" * 999: None}, "is not an argument of this tool."),
        ("find_passages", {}, "Say what you look for: give query, code, kind or aspect."),
        ("find_passages", {"audience": "patient"}, "Say what you look for: give query, code, kind or aspect."),
        ("find_passages", {"query": "the and"}, "must contain a word to search for"),
        ("find_passages", {"query": "x" * 256}, "query must have 1 to 255 characters."),
        ("find_passages", {"code": "L65"}, "code must be system|code."),
        ("find_passages", {"kind": "risk"}, "kind must be one of introduction"),
        ("find_passages", {"query": "x", "limit": 11}, "limit must be between 1 and 10."),
        ("find_passages", {"query": "x", "limit": 10**200}, "limit must"),
        ("find_passages", {"query": "x", "limit": -1}, "limit must be between 1 and 10."),
        ("find_passages", {"query": "x", "limit": 2.5}, "limit must be a whole number."),
        ("find_passages", {"query": "x", "limit": True}, "limit must be a whole number."),
        ("find_passages", {"query": "x", "limit": "5"}, "limit must be a whole number."),
        ("check_quote", {}, "quote is required."),
        ("check_quote", {"quote": "two words"}, "quote must have at least 3 words"),
        ("check_quote", {"quote": "\u00a0 \n "}, "quote must have at least 3 words"),
        ("check_quote", {"quote": "word " * 401}, "quote must have 1 to 2000 characters."),
        ("check_quote", {"quote": "it is in the"}, "quote has only words that every text has"),
        ("check_quote", {"quote": "… — !"}, "quote has only words that every text has"),
    ],
)
def test_arguments_that_cannot_be_used_are_told_in_a_sentence(name, arguments, said):
    error, text = refused(name, **arguments)

    assert said in error["detail"] and said in text


def test_everything_that_is_wrong_with_arguments_is_told_at_once():
    error, _ = refused("find_passages", kind="x", limit=0, more="y")

    assert [row["parameter"] for row in error["errors"]] == ["kind", "limit", "more"]


# find_passages.


def test_a_passage_comes_with_what_must_be_shown(rich, get_json):
    given, text = found("find_passages", code="icd-10-cm|L65.9", kind="risks")

    (row,) = given["results"]
    alone = get_json(f"articles/{rich.slug}/sections/risks/?rich_text=markdown")
    assert [section["kind"] for section in row["sections"]] == ["risks"]
    assert row["article"]["id"] == alone["id"] and row["article"]["title"] == rich.title
    assert row["edition"]["digests"] == alone["edition"]["digests"]
    assert (row["review"], row["notices"]) == (alone["review"], alone["notices"])
    assert [each["number"] for each in row["references"]] == [each["number"] for each in alone["references"]] == [1]
    assert [each["text"] for each in row["disclaimers"]] == ["General information, no advice."]
    assert row["sections"][0]["importance"] == "must-show"
    for said in (row["sections"][0]["markdown"], "Dr Ada Reviewer", "next review", row["references"][0]["text"]):
        assert said in text
    assert row["edition"]["digests"]["medical"] in text and row["article"]["web_url"] in text


def test_the_sections_are_those_with_most_of_the_words(rich):
    given, _ = found("find_passages", query="redness small group")

    kinds = {row["article"]["id"]: [section["kind"] for section in row["sections"]] for row in given["results"]}
    assert kinds[str(rich.article_id)] == ["evidence"]


def test_words_that_only_the_title_has_give_the_kind_or_the_beginning(article):
    page = article(title="Pityriasis_")

    first, _ = found("find_passages", query="pityriasis")
    risks, _ = found("find_passages", query="pityriasis", kind="risks")

    assert [row["article"]["title"] for row in first["results"]] == [page.title]
    assert [section["kind"] for section in first["results"][0]["sections"]] == ["introduction"]
    assert [section["kind"] for section in risks["results"][0]["sections"]] == ["risks"]


def test_a_code_alone_gives_all_sections_but_offers_and_lists_of_sources(rich):
    given, text = found("find_passages", code="icd-10-cm|L65.9")

    kinds = [section["kind"] for section in given["results"][0]["sections"]]
    assert "mechanism" in kinds and not {"cta", "sources"} & set(kinds)
    assert "Book a consultation" not in text


def test_an_aspect_an_audience_and_a_language_narrow(rich):
    given, _ = found("find_passages", aspect="symptoms", audience="patient", locale="en-GB")
    other, text = found("find_passages", aspect="symptoms", audience="clinician")

    assert [section["aspect"] for section in given["results"][0]["sections"]] == ["symptoms"]
    assert (other["results"], text) == ([], "No published article matches. This says nothing about what is true.")
    assert found("find_passages", aspect="symptoms", locale="de")[0]["results"] == []


def test_no_more_articles_are_given_than_were_asked_for(article):
    for _ in range(3):
        article()

    assert len(found("find_passages", kind="risks", limit=2)[0]["results"]) == 2


def test_a_notice_and_a_retracted_source_are_told(article, lead, django_capture_on_commit_callbacks):
    source = make_source()
    page = article(body=complete_body(source))
    notices.give(articles=[page.article_id], texts={"en": "Do not use lot 7."}, user=make_on_call(), password=PASSWORD)
    with LogContext(user=lead), django_capture_on_commit_callbacks(execute=True):
        source.status = "retracted"
        source.save()

    given, text = found("check_quote", quote="Redness went down in a small group.", article=page.slug)
    passages, also = found("find_passages", query="redness", kind="evidence")

    for row in (given["matches"][0], passages["results"][0]):
        assert row["notices"][0]["text"] == "Do not use lot 7."
        assert [each["source_status"] for each in row["references"]] == ["retracted"]
    assert all("Do not use lot 7." in said and "Retracted" in said for said in (text, also))


def test_an_offer_that_is_limited_to_markets_is_told_to_nobody(article, people):
    offer = make_offer(by=people.author, scope_markets=json.dumps([{"type": "market", "value": "US"}]))
    sign_as(offer, people.editor, "editor")
    sign_as(offer, people.reviewer, "medical")
    page = article(body=complete_body(make_source(), offer))

    assert offer.label not in json.dumps(call("find_passages", kind="cta"))
    assert offer.label not in json.dumps(call("get_article", article=page.slug))


# get_article.


def test_an_article_is_its_markdown_document_and_the_same_structured(rich, get):
    given, text = found("get_article", article=rich.slug)

    assert text == get(f"articles/{rich.slug}/", accept="text/markdown").content.decode()
    assert found("get_article", article=str(rich.article_id)) == (given, text)
    assert given["edition"]["number"] == 1 and given["review"]["reviewed_by"][0]["name"] == "Dr Ada Reviewer"
    assert all(section["markdown"] in text for section in given["sections"] if section["kind"] != "cta")


def test_another_form_of_a_slug_leads_to_the_article(published):
    assert found("get_article", article=published.slug.upper())[0]["article"]["id"] == str(published.article_id)


def test_an_article_that_was_never_published_is_an_error(submitted):
    error, _ = refused("get_article", article=submitted.slug)
    by_id, _ = refused("check_quote", quote=SENTENCE, article=str(submitted.article_id))

    assert error["code"] == by_id["code"] == "not-found"


def test_a_withdrawn_article_says_why_and_nothing_of_its_text(article, clinician):
    instead, page = article(title="Better_"), article(title="Wrong_")
    words = {"reason": "superseded", "explanation": "A newer text is better.", "replacement": instead.article_id}

    withdraw(page=page, by=clinician, password=PASSWORD, **words)

    for name, more in (("get_article", {}), ("check_quote", {"quote": SENTENCE})):
        error, text = refused(name, article=page.slug, **more)
        assert (error["code"], error["reason"]) == ("withdrawn", "superseded")
        assert error["replacement"]["id"] == str(instead.article_id)
        assert "A newer text is better." in text and error["replacement"]["url"] in text
        assert "itchy scalp" not in json.dumps(call(name, article=page.slug, **more))


def test_a_withheld_article_is_given_to_nobody(recorded, set_clock):
    late = {"after_grace": "withhold", "grace_ends_at": datetime(2026, 1, 1, tzinfo=UTC)}
    Publication.objects.filter(article=recorded.article_id).update(**late)
    set_clock(datetime(2099, 1, 1, tzinfo=UTC))

    error, _ = refused("get_article", article=recorded.slug)

    assert (error["code"], error["temporary"]) == ("withdrawn", True)
    assert found("find_passages", kind="risks")[0]["results"] == []
    assert not found("check_quote", quote=SENTENCE)[0]["verbatim"]


# check_quote.


@pytest.mark.parametrize(
    "quote",
    [
        "An itchy scalp is common.",
        "itchy scalp is common",
        "  An itchy\u00a0scalp\n\tis   common. ",
        "Redness went down in a small group.",
        "A yeast irritates.",
    ],
)
def test_a_quotation_is_found_where_it_stands(rich, quote):
    given, text = found("check_quote", quote=quote)

    assert given["verbatim"] and given["quote"] == folded(quote)
    match = next(row for row in given["matches"] if row["article"]["id"] == str(rich.article_id))
    (place,) = match["places"]
    assert folded(quote) in place["context"]
    assert place["context"] in text and "Dr Ada Reviewer" in text and "General information" in text


def test_the_section_the_field_and_its_references_are_named(rich):
    given, text = found("check_quote", quote="Redness went down in a small group.", article=rich.slug)

    (match,) = given["matches"]
    (place,) = match["places"]
    assert (place["section"]["kind"], place["field"]) == ("evidence", "findings[0].statement")
    assert [row["number"] for row in match["references"]] == [1]
    assert "In the section “Does it help?”, `findings[0].statement`" in text


def test_typography_of_quotation_marks_and_unicodes_forms_do_not_count(article):
    text = "<p>Caf\u00e9 visitors call it “the patient’s « itch »” today.</p>"
    page = article(body=[*complete_body(make_source()), block("prose", heading="More", text=text, aspect="other")])

    given, _ = found("check_quote", quote='Cafe\u0301 visitors call it "the patient\'s “ itch ”" today.')

    assert [row["article"]["id"] for row in given["matches"]] == [str(page.article_id)]


@pytest.mark.parametrize(
    "quote",
    [
        "An itchy scalp is Common.",
        "An itchy scalp is not common.",
        "A itchy scalp is common.",
        "itchy scalp common is",
        "An itchy scalp, is common.",
        "tchy scalp is common",
        "An itchy scalp is commo",
        "Redness was reduced. Redness was reduced.",
        "nothing that stands anywhere",
    ],
)
def test_everything_else_counts_and_not_found_says_that_it_says_nothing_about_truth(rich, quote):
    given, text = found("check_quote", quote=quote)

    assert (given["verbatim"], given["matches"]) == (False, [])
    assert "This says nothing about whether they are true." in text


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Women should take it daily.", "men should take it daily"),
        ("Take 0.5 mg of it daily.", "5 mg of it daily"),
        ("Take 10–20 mg of it daily.", "20 mg of it daily"),
        ("Use less than <b>-5 mg</b> of it.", "5 mg of it"),
        ("It helped in 12.5 of them.", "It helped in 12"),
        ("It helped in 12% of them.", "It helped in 12"),
        ("The non-invasive treatment is safe.", "invasive treatment is safe"),
        ("The shampoo is sulfate-free for many.", "The shampoo is sulfate"),
        ("Then you can’t take it.", "Then you can"),
    ],
)
def test_a_part_of_a_word_or_a_number_is_not_found(article, text, quote):
    page = article(
        body=[
            *complete_body(make_source()),
            block("prose", heading="More", text=f"<p>{text}</p>", aspect="other"),
        ]
    )

    assert not found("check_quote", quote=quote, article=page.slug)[0]["verbatim"]


def test_a_part_of_a_sentence_comes_with_its_paragraph(article):
    text = "<p>It is not safe for children.</p><p>Ask first.</p>"
    article(body=[*complete_body(make_source()), block("prose", heading="More", text=text, aspect="other")])

    given, _ = found("check_quote", quote="safe for children")
    both, _ = found("check_quote", quote="safe for children. Ask first.")

    assert given["matches"][0]["places"][0]["context"] == "It is not safe for children."
    assert both["matches"][0]["places"][0]["context"] == "It is not safe for children. Ask first."
    assert "may mean the opposite" in given["statement"]


def test_numbers_of_citations_do_not_count(rich):
    assert found("check_quote", quote="Several conditions can.")[0]["verbatim"]


def test_the_title_and_the_summary_are_compared(article):
    page = article(title="What nobody knows of Lichen_", summary="Nearly all that is known of lichens.")

    for quote, field in ((page.title, "title"), ("all that is known of lichens", "summary")):
        (match,) = found("check_quote", quote=quote)[0]["matches"]
        assert [(place["section"], place["field"]) for place in match["places"]] == [(None, field)]


BESIDE = {
    "notices[0].text": "Do not use lot 7 of the shampoo.",
    "sponsorship": "Scalp Ltd. paid for this article.",
    "disclaimers[0].text": "General information, no advice.",
}


@pytest.fixture
def shown_beside(article, people):
    """An article with a safety notice, a sponsor and a disclaimer, and another one without."""
    disclaimer = make_disclaimer(by=people.author, text=f"<p>{BESIDE['disclaimers[0].text']}</p>")
    sign_as(disclaimer, people.reviewer, "medical")
    page = article(sponsorship=BESIDE["sponsorship"], disclaimers=[disclaimer])
    given = {"texts": {"en": BESIDE["notices[0].text"]}, "user": make_on_call(), "password": PASSWORD}
    notices.give(articles=[page.article_id], **given)
    article()
    return page


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(("field", "text"), BESIDE.items())
def test_what_must_be_shown_beside_an_article_can_be_quoted(shown_beside, named, field, text):
    where = {"article": shown_beside.slug} if named else {}

    given, said = found("check_quote", quote=text, **where)
    other, _ = found("check_quote", quote=text.replace(" ", " not ", 1), **where)

    (match,) = given["matches"]
    assert given["verbatim"] and match["article"]["id"] == str(shown_beside.article_id)
    assert match["places"] == [{"section": None, "field": field, "context": text}]
    assert f"In the article, `{field}`" in said
    assert not other["verbatim"]


def test_a_notice_that_was_lifted_can_no_longer_be_quoted(article):
    on_call, text = make_on_call(), BESIDE["notices[0].text"]
    notice = notices.give(articles=[article().article_id], texts={"en": text}, user=on_call, password=PASSWORD)
    before, _ = found("check_quote", quote=text)

    notices.lift(notice=notice, reason="It is over.", by=on_call)

    assert (before["verbatim"], found("check_quote", quote=text)[0]["verbatim"]) == (True, False)


@pytest.mark.parametrize(("asked", "how"), [("G51", "exact"), ("G51.0", "broader"), ("g510", "broader")])
def test_a_billable_code_finds_passages_of_its_category(article, asked, how):
    codes = [{"type": "code", "value": {"system": "icd-10-cm", "code": "G51", "display": "Facial palsy"}}]
    article(codes=json.dumps(codes))

    given, _ = found("find_passages", code=f"icd-10-cm|{asked}")

    (result,) = given["results"]
    assert result["matched"] == [{"code": "G51", "system": "icd-10-cm", "where": "article", "how": how}]


def test_passages_that_have_only_some_of_the_words_say_so(article):
    article()

    all_words, some = (
        found("find_passages", query=query)[0]["statement"] for query in ("itchy sca*", "itchy xylophone")
    )

    assert "No article has all the words" in some and "No article has all" not in all_words


def test_only_the_article_and_the_language_that_were_asked_for_are_compared(article):
    first, second = article(), article()

    given, _ = found("check_quote", quote=SENTENCE, article=second.slug)

    assert [row["article"]["id"] for row in given["matches"]] == [str(second.article_id)] != [str(first.article_id)]
    assert found("check_quote", quote=SENTENCE, locale="en-GB")[0]["verbatim"]
    assert not found("check_quote", quote=SENTENCE, locale="de")[0]["verbatim"]


def test_it_says_when_not_all_articles_were_compared(article, monkeypatch):
    monkeypatch.setattr("api.v1.mcp.check_quote.MOST_COMPARED", 1)
    for _ in range(2):
        article()

    assert "say which article you mean" in found("check_quote", quote="common is scalp an itchy")[0]["statement"]


@pytest.mark.parametrize("quote", ["' OR 1=1 -- %s", '" NEAR AND (', "a b c' & | !", "\\ `` ``` ``\n\n# x y z"])
def test_a_hostile_quotation_is_not_found(published, quote):
    assert not found("check_quote", quote=f"scalp {quote}")[0]["verbatim"]


def test_the_longest_quotation_is_looked_for(published):
    words = " ".join(f"w{number:03}" for number in range(400))

    assert not found("check_quote", quote=words)[0]["verbatim"]


# What nobody may see, and what it costs.


def test_no_word_of_a_draft_is_told(people, published):
    draft = make_marked(by=people.author)
    calls = [
        ("find_passages", {"query": MARK}),
        ("find_passages", {"kind": "risks", "limit": 10}),
        ("get_article", {"article": draft.slug}),
        ("get_article", {"article": str(draft.article_id)}),
        ("check_quote", {"quote": f"{MARK} text of an offer."}),
        ("check_quote", {"quote": f"{MARK} text of an offer.", "article": draft.slug}),
    ]

    told = [json.dumps(call(name, **arguments)) for name, arguments in calls]

    assert [text for text in told if MARK in text and '"quote"' not in text] == []
    assert not found("check_quote", quote=f"{MARK} text of an offer.")[0]["verbatim"]


@pytest.mark.parametrize(
    ("name", "arguments", "queries"),
    [
        ("find_passages", {"kind": "risks"}, 2),
        ("find_passages", {"query": "scalp"}, 5),
        ("find_passages", {"query": "itchy redness"}, 5),
        ("check_quote", {"quote": SENTENCE}, 2),
        ("find_passages", {"code": "icd-10-cm|L65.91"}, 2),
        ("check_quote", {"quote": "common is scalp an itchy"}, 2),
    ],
)
def test_a_call_takes_few_queries(published, django_assert_max_num_queries, name, arguments, queries):
    with django_assert_max_num_queries(queries):
        call(name, **arguments)


def test_an_article_takes_one_query(published, django_assert_num_queries):
    with django_assert_num_queries(1):
        call("get_article", article=published.slug)
