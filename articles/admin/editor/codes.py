"""What the editor offers while somebody types a code or its name, from the code lists that are loaded."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from articles.authoring.codes.find import find_codes
from articles.authoring.codes.models import Code

LONGEST = 255


@require_GET
def codes(request: HttpRequest) -> JsonResponse:
    """`?q=hair loss&system=icd-10-cm` -> `{"codes": [{"system": …, "code": …, "display": …, "terminology": …}]}`, the
    nearest first; `system` may be empty. Terminologies are public, so everybody in the admin may ask."""
    found = find_codes(request.GET.get("q", "")[:LONGEST], request.GET.get("system", "")[:LONGEST])
    return JsonResponse({"codes": [_shown(row) for row in found]})


def _shown(row: Code) -> dict[str, str]:
    return {"system": row.list.system, "code": row.code, "display": row.display, "terminology": str(row.list)}
