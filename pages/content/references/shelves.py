"""Fetches the references of a page in one query for each model, however many blocks there are.

Wagtail makes a query for each stream, and for each rich text with a link. We read the stored blocks
before the page is served, and put all that they name on shelves. There the chooser blocks and the
link handlers find their targets. The next page uses the same shelves, until that kind of content
changes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db.models import Model, Q
from wagtail.images import get_image_model
from wagtail.models import Page

from pages.content.tree.listed import ListedPage, entries_of
from pages.ground.version import memory
from pages.ground.version.memory import Shelf
from pages.library.renditions import images_with_renditions

from .named import Named, named_by

_pages: Shelf[int, ListedPage] = Shelf(("page",), most=20_000)
_pages_by_path: Shelf[str, ListedPage] = Shelf(("page",), most=20_000)
_children: Shelf[str, list[ListedPage]] = Shelf(("page",), most=500)
_translated_above: Shelf[str, list[ListedPage]] = Shelf(("page",), most=2_000)


def fetch_references_of(page: Page, also: set[int]) -> None:
    """Puts what the page names on the shelves, and `also`, in one query for each model."""
    named = named_by(page)
    pages = named.pop(Page, set()) | also
    above = paths_above(page)
    section = above[-1] if above and getattr(page, "has_section_menu", False) else ""
    _fetch_pages(pages, above, section)
    for model, keys in named.items():
        _fetched(model, keys)


def fetch_named(named: Iterable[Named]) -> None:
    """Puts what many pages name on the shelves, in one query for each model."""
    together: Named = defaultdict(set)
    for each in named:
        for model, keys in each.items():
            together[model] |= keys
    for model, keys in together.items():
        _fetched(model, keys)


def paths_above(page: Page) -> list[str]:
    """The tree paths of a page's ancestors, without the root."""
    return [page.path[:end] for end in range(2 * page.steplen, len(page.path), page.steplen)]


def listed_pages_with(keys: Iterable[int]) -> dict[int, ListedPage | None]:
    """The list entries of the pages with these keys; None for a page that does not exist."""
    return _pages.all_of(
        keys, lambda keys: {each.pk: each for each in entries_of(Page.objects.filter(pk__in=keys))}
    )


def listed_page_with(key: int) -> ListedPage | None:
    return listed_pages_with([key])[key]


def listed_in_order(keys: Iterable[int]) -> list[ListedPage]:
    """The list entries of the pages with these keys, in this order; deleted pages are left out."""
    keys = list(keys)
    found = listed_pages_with(keys)
    return [page for key in keys if (page := found[key])]


def listed_pages_at(paths: Iterable[str]) -> dict[str, ListedPage | None]:
    """The list entries of the pages with these tree paths."""
    return _pages_by_path.all_of(
        paths,
        lambda paths: {each.path: each for each in entries_of(Page.objects.filter(path__in=paths))},
    )


def translated_above(page: Page) -> list[ListedPage]:
    """The live translations of the pages above, the nearest first."""
    above = paths_above(page)
    return _translated_above.one("".join(above[-1:]), lambda: _ask_for_translations(above)) or []


def _ask_for_translations(above: list[str]) -> list[ListedPage]:
    return _translations_among(entries_of(Page.objects.filter(_is_alike(above))), above)


def _is_alike(paths: list[str]) -> Q:
    keys = Page.objects.filter(path__in=paths, live=True).values("translation_key")
    return Q(translation_key__in=keys)


def _translations_among(entries: list[ListedPage], above: list[str]) -> list[ListedPage]:
    keys = {each.translation_key for each in entries if each.path in above and each.live}
    found = [
        each
        for each in entries
        if each.live and each.translation_key in keys and each.path not in above
    ]
    return sorted(found, key=lambda each: len(each.path), reverse=True)


def listed_children_of(path: str) -> list[ListedPage]:
    """The list entries of the live pages right below a tree path, in their order."""
    return _children.one(path, lambda: _ask_for_children(path)) or []


def _ask_for_children(path: str) -> list[ListedPage]:
    return _shown_below(path, entries_of(Page.objects.filter(_is_child_of(path)).order_by("path")))


def _shown_below(path: str, entries: list[ListedPage]) -> list[ListedPage]:
    """The live children among the entries. A twin is reached from its page and from its kind's list."""
    return [
        each
        for each in entries
        if each.live and not each.twin_kind and each.path[: -Page.steplen] == path
    ]


def _is_child_of(path: str) -> Q:
    # A range, since SQLite uses no index for `startswith`.
    between = Page._get_children_path_interval(path)
    return Q(live=True, path__range=between, depth=len(path) // Page.steplen + 1)


def resolved(
    model: type[Model],
    ids: Iterable[int | None],
    otherwise: Callable[[list[int | None]], list[Any]],
) -> list[Any]:
    """The objects with these ids: from the shelves for visitors, else from `otherwise`.

    A page from the shelves is a list entry: title, address, and whether it is live.
    """
    ids = [None if key is None else int(key) for key in ids]
    if not memory.is_remembering():
        return otherwise(ids)
    found = _fetched(model, {key for key in ids if key is not None})
    return [None if key is None else found[key] for key in ids]


def _fetch_pages(keys: set[int], above: list[str], section: str) -> None:
    """Puts these pages on the shelves, what those above are translated to, and the children of a section."""
    keys, paths = _pages.lacks(keys), _pages_by_path.lacks(above)
    sections = _children.lacks({section} if section else ())
    nearest = _translated_above.lacks(above[-1:])
    if not keys and not paths and not sections and not nearest:
        return
    wanted = Q(pk__in=keys) | Q(path__in=paths)
    if nearest:
        wanted |= _is_alike(above)
    for path in sections:
        wanted |= _is_child_of(path)
    found = entries_of(Page.objects.filter(wanted).order_by("path"))
    _pages.add(keys, {each.pk: each for each in found})
    _pages_by_path.add(paths, {each.path: each for each in found})
    for path in sections:
        _children.add([path], {path: _shown_below(path, found)})
    for path in nearest:
        _translated_above.add([path], {path: _translations_among(found, above)})


def _fetched(model: type[Model], keys: set[int]) -> dict[int, Any]:
    if issubclass(model, Page):
        return listed_pages_with(keys)
    if model is get_image_model():
        return _shelf_of(model).all_of(keys, images_with_renditions)
    manager = model._default_manager
    rows = manager.public() if hasattr(manager, "public") else manager.all()
    return _shelf_of(model).all_of(keys, rows.in_bulk)


@cache
def _shelf_of(model: type[Model]) -> Shelf[int, Any]:
    return Shelf((model._meta.model_name or "",), most=2_000)
