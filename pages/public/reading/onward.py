"""Which pages a browser may draw before the reader clicks (Speculation Rules)."""

from itertools import product
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from pages.content.tree.addresses import prefix_of

# Each begins an address that nothing may be fetched from before somebody wants it: that somebody
# pointed at the tip pages would be a trace. Without the last slash, since that address leads there too.
_NEVER = (settings.INTAKE_PATH, "sok/", settings.ADMIN_PATH, settings.DESK_PATH)


@require_safe
@vary_on_headers("Save-Data")
@cache_control(public=True, max_age=24 * 60 * 60)
def onward_rules(request: HttpRequest) -> JsonResponse:
    """The rules that public pages name in their header `Speculation-Rules`; none for who saves data."""
    saves = request.headers.get("Save-Data", "").lower() == "on"
    return JsonResponse({} if saves else rules(), content_type="application/speculationrules+json")


def rules() -> dict[str, Any]:
    """Pages of ours that the reader points at, and neither files nor what is asked with a query.

    What is crossed is fetched, which is a small file; what is pointed at for a moment is drawn.
    """
    prefixes = [prefix_of(language) for language, _name in settings.LANGUAGES]
    never = [f"{prefix}/{path.rstrip('/')}*" for prefix, path in product(prefixes, _NEVER)]
    # A sign of an address may be written otherwise (%74 for t): such addresses are none of ours.
    written = ["/*.*", "/*%*", "/*\\?(.+)"]
    pointed_at = {
        "and": [
            {"href_matches": "/*"},
            {"not": {"href_matches": [*never, *written]}},
            {"not": {"selector_matches": "[download], [target], a[href^='#']"}},
            # On a phone a browser would otherwise guess among the links that are in sight.
            {"selector_matches": ":hover"},
        ]
    }
    return {
        "prefetch": [{"where": pointed_at, "eagerness": "immediate"}],
        "prerender": [{"where": pointed_at, "eagerness": "moderate"}],
    }
