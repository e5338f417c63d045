"""How `mcp/` is documented: JSON-RPC, whose messages the Model Context Protocol describes."""

from drf_spectacular.utils import OpenApiResponse

from api.protocol import problems
from api.v1.answers import PLAIN_PROBLEMS
from api.v1.mcp.messages import NOTIFICATION
from api.v1.schemas.problem import ProblemSerializer

JSON = "application/json"
MESSAGE = {"type": "object", "required": ["jsonrpc"], "properties": {"jsonrpc": {"const": "2.0"}}}
REQUEST = {
    JSON: MESSAGE
    | {
        "description": "A request of JSON-RPC, or a notification.",
        "required": ["jsonrpc", "method"],
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"type": ["string", "integer"]},
            "method": {"type": "string"},
            "params": {"type": "object"},
        },
        "anyOf": [{"required": ["id"]}, {"properties": {"method": {"pattern": f"^{NOTIFICATION}"}}}],
    }
}
KEPT = (401, 406, 429, 500, 503)
RESPONSES = {
    200: OpenApiResponse(MESSAGE, description="The result, or an error of JSON-RPC."),
    202: OpenApiResponse(description="The notification was heard."),
    (400, JSON): OpenApiResponse(MESSAGE, description="An error of JSON-RPC: the message was not understood."),
    (403, problems.CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description="`Origin` is not an origin."),
    (404, JSON): OpenApiResponse(MESSAGE, description="An error of JSON-RPC: there is no such method."),
    (405, problems.CONTENT_TYPE): OpenApiResponse(
        ProblemSerializer, description="There are no streams to GET and no sessions to DELETE."
    ),
    (413, problems.CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description="The message is too large."),
} | {key: shown for key, shown in PLAIN_PROBLEMS.items() if isinstance(key, tuple) and key[0] in KEPT}
