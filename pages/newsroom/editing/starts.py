"""Lets Wagtail's fields start without inline scripts, which the policy of the CMS refuses.

Choosers and fields for dates write a script behind themselves (wagtail/wagtail#12940). In its place
stands an element that says the same, and pages/newsroom/static/js/cms_starts.js does it.
"""

import re
from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

_LABELS_OF_LINKS = {
    "link_text": _("Link text"),
    "email_address": _("E-mail address"),
    "subject": _("Subject line"),
    "body": _("Message"),
    "phone_number": _("Telephone number"),
}
_SCRIPT = re.compile(r"<script>(?:new )?(?P<name>\w+)\((?P<values>.*?)\);</script>", re.DOTALL)


class StartsWithElements(DjangoTemplates):
    """Renders the fields of forms."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        return _with_elements(super().render(template_name, context, request))


def render_chooser(render: Callable[..., str], *about: object, **options: object) -> SafeString:
    """The same for a chooser, which writes its script itself."""
    return _with_elements(render(*about, **options))


def name_link_fields(shown: Callable[[Any], HttpResponse], view: Any) -> HttpResponse:
    """The forms of the link chooser name their fields in English only."""
    for name, field in view.form.fields.items():
        field.label = _LABELS_OF_LINKS.get(name, field.label)
    return shown(view)


def _with_elements(html: str) -> SafeString:
    return mark_safe(_SCRIPT.sub(_element, html))  # noqa: S308


def _element(script: re.Match[str]) -> str:
    return format_html(
        '<cms-start data-name="{}" data-values="[{}]"></cms-start>', *script.group("name", "values")
    )
