"""A template tag that renders its content once and keeps it until its content changes."""

from functools import cache

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

from pages.ground.version.memory import KINDS, Shelf, is_remembering

register = template.Library()

_MOST = 200


@cache
def _shelf_of(kinds: tuple[str, ...]) -> Shelf[tuple[object, ...], str]:
    return Shelf(kinds, most=_MOST)


class RememberNode(Node):
    """Renders its content, or returns what it has rendered before for the same values.

    The content may depend only on the named kinds of content, on the language and on the values,
    never on the reader.
    """

    def __init__(
        self, place: str, kinds: tuple[str, ...], values: list[FilterExpression], nodelist: NodeList
    ) -> None:
        self.place = place  # in the templates
        self.shelf = _shelf_of(kinds)
        self.values = values
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        if not is_remembering():
            return self.nodelist.render(context)
        values = (str(value.resolve(context)) for value in self.values)
        key = (self.place, get_language(), *values)
        return self.shelf.one(key, lambda: self.nodelist.render(context)) or ""


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """`{% remember "page start" value %} … {% endremember %}`: the kinds, then the values."""
    _tag, kinds, *values = token.split_contents()
    named = tuple(kinds.strip("\"'").split())
    if not named or set(named) - KINDS:
        raise template.TemplateSyntaxError(f"{kinds}: no such kinds of content")
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    place = f"{parser.origin} {token.lineno}"
    return RememberNode(place, named, [parser.compile_filter(value) for value in values], nodelist)
