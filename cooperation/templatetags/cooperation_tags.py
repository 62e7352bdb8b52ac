"""What templates ask about partners."""

from django import template

from cooperation.models import Partner

register = template.Library()


@register.simple_tag
def partners(scope: str) -> list[Partner]:
    """The partners of the register: national or international."""
    return [each for each in Partner.all_with_logotypes() if each.scope == scope]
