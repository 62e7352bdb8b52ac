"""Lets Wagtail's fields start without inline scripts, which the policy of the CMS refuses.

Choosers and fields for dates write a script behind themselves (wagtail/wagtail#12940). In its place
stands an element that says the same, and pages/newsroom/static/js/cms_starts.js does it.
"""

import re
from collections.abc import Callable
from functools import wraps

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput, BaseChooser

STARTING_FIELDS = (
    AdminDateInput,
    AdminDateTimeInput,
    AdminTimeInput,
    BaseChooser,
    DateRangePickerWidget,
)
_SCRIPT = re.compile(r"<script>(?:new )?(?P<name>\w+)\((?P<values>.*?)\);</script>", re.DOTALL)


def start_without_inline_scripts() -> None:
    for field in STARTING_FIELDS:
        field.render = _with_element(field.render)


def _with_element(render: Callable[..., str]) -> Callable[..., SafeString]:
    @wraps(render)
    def rendered(*args: object, **options: object) -> SafeString:
        return mark_safe(_SCRIPT.sub(_element, render(*args, **options)))  # noqa: S308

    return rendered


def _element(script: re.Match[str]) -> str:
    return format_html(
        '<cms-start data-name="{}" data-values="[{}]"></cms-start>', *script.group("name", "values")
    )
