"""Every address of the site, as its resolver lists them, and how one is filled in."""

import re
from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

# Kind of a part (int, str, slug, uuid …) and its name -> what stands in its place.
Filling = Callable[[str, str], object]

_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_GROUP = re.compile(r"\((?:\?:|\?P<(?P<name>\w+)>)?(?P<inside>[^()]*)\)(?P<times>[?*]?)")


def routes() -> list[str]:
    """Each address once, in Swedish and in English, as it stands in the lists of addresses."""
    return served(elsewhere=None)


def served(elsewhere: Callable[..., object] | None) -> list[str]:
    """The addresses that this process itself answers: not those that it only knows by name."""
    found: dict[str, None] = {}
    for language in ("sv", "en"):
        with translation.override(language):
            found |= dict.fromkeys(
                route
                for route, view in _routes(get_resolver().url_patterns)
                if view is not elsewhere
            )
    return list(found)


def _routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, Callable[..., object]]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from _routes(pattern.url_patterns, route)


def filled(route: str, filling: Filling) -> str:
    """An address that falls under the route."""
    path = _PART.sub(lambda part: str(filling(part["kind"] or "str", part["name"])), route)
    if not re.search(r"[\\^$(]", route):
        return f"/{path}"
    while (opened := _GROUP.sub(lambda group: _one_of(group, filling), path)) != path:
        path = opened
    path = path.replace(r"\d+", str(filling("int", ""))).replace(r"\w+", str(filling("slug", "")))
    path = re.sub(r"\.[*+]", lambda _any: str(filling("str", "")), path)
    return "/" + re.sub(r"\\(.)", r"\1", path.replace("^", "").replace("$", ""))


def _one_of(group: re.Match[str], filling: Filling) -> str:
    name, inside = group["name"] or "", group["inside"]
    if group["times"]:
        return "x/" if inside == ".*/" else ""
    if inside == r"\d+":
        return str(filling("int", name))
    if "|" in inside:
        return inside.partition("|")[0]
    if inside.startswith(("[", ".")):
        return str(filling("str", name))
    return inside
