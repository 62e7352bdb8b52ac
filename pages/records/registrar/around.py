"""What stands around every page of the records."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from pages.content.publishing.roles import is_registrar


def records_page(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page of the records, with the ways to the others."""
    keeps = is_registrar(request.user)
    ways = [
        ("registrar:at", gettext("One page")),
        ("registrar:changes", gettext("All changes")),
        ("registrar:weedings", gettext("Weeding")),
    ]
    if keeps:
        ways.append(("registrar:exports", gettext("For the archive")))
    context = {"records_nav": ways, "is_registrar": keeps, **context}
    answer = TemplateResponse(request, f"registrar/{template}.html", context, status=status)
    # What was asked for must not stand in the log of the next page.
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
