"""The head of an object where there is no form of it, such as over its history."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("newsdesk/action_menu.html", takes_context=True)
def head_of(context: template.Context, obj: Any) -> dict[str, Any]:
    # Here, since every service that renders templates loads this module.
    from pages.newsroom.desk.buttons import head_without_form

    return head_without_form(obj, context["request"].user)
