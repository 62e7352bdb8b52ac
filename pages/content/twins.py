"""Twins of a page: the links between them, and what the reader is told of how they agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wagtail.models import Page

from pages.content.models import ArticlePage, BasePage
from pages.content.references.shelves import listed_pages_with
from pages.content.tree.listed import ListedPage, changed_since, entries_of
from pages.content.tree.twin_kinds import MINORITY_LANGUAGES, TwinKind
from pages.ground.version.memory import remembered


@dataclass(frozen=True)
class TwinLinks:
    """Where a page leads to: to its twins, or, from a twin, to the page in ordinary Swedish."""

    twins: list[ListedPage]
    kind: TwinKind | None = None  # what the page itself is
    original: ListedPage | None = None
    changed_on: date | None = None  # the original, after they were compared

    def __bool__(self) -> bool:
        return bool(self.twins or self.kind)

    def alternates(self) -> dict[str, str]:
        """Language -> the address in it, of the twins in another language than Swedish."""
        return {twin.kind: twin.url for twin in self.twins if twin.twin_kind in MINORITY_LANGUAGES}


@dataclass(frozen=True)
class TwinsOfKind:
    kind: TwinKind
    twins: list[ListedPage]


def twin_keys_of(page: Page) -> set[int]:
    """The keys of the pages at the other ends of these links."""
    if "twin_keys" in vars(page):  # fetched by `pages.public.reading.finding`
        keys = set(map(int, (page.twin_keys or "").split()))
    elif page.pk is None:
        keys = set()
    else:
        keys = set(ArticlePage.objects.live().filter(twin_of=page.pk).values_list("pk", flat=True))
    original = page.twin_of_id if getattr(page, "twin_kind", "") else None
    return keys | ({original} if original else set())


def twin_links_of(page: BasePage) -> TwinLinks:
    """The links of a page; what has been withdrawn is in none."""
    found = listed_pages_with(twin_keys_of(page))
    live = {key: entry for key, entry in found.items() if entry and entry.live and entry.url}
    if not getattr(page, "twin_kind", ""):
        return TwinLinks(_in_order(live.values()))
    original = live.get(page.twin_of_id)
    return TwinLinks(
        [], TwinKind(page.twin_kind), original, changed_since(original, page.compared_at)
    )


def all_twins(kinds: Iterable[TwinKind]) -> list[TwinsOfKind]:
    """The live twins of each of these kinds, which may be none."""
    every = remembered("twins", ("page",), _ask_for_all)
    return [TwinsOfKind(kind, [each for each in every if each.kind == kind]) for kind in kinds]


@dataclass(frozen=True)
class Behind:
    """How a live twin is behind its original: it has changed, or is not public."""

    original: ListedPage | None
    changed_on: date | None


def twins_behind() -> dict[int, Behind]:
    """Key -> how, for the live twins that do not say what a public page says."""
    twins = ArticlePage.objects.live().exclude(twin_kind="")
    rows = list(twins.values_list("pk", "twin_of", "compared_at"))
    originals = listed_pages_with({original for _pk, original, _at in rows if original})
    found = {}
    for pk, key, compared_at in rows:
        original = originals.get(key)
        is_public = original is not None and original.live
        changed_on = changed_since(original, compared_at) if is_public else None
        if changed_on or not is_public:
            found[pk] = Behind(original, changed_on)
    return found


def _ask_for_all() -> list[ListedPage]:
    keys = ArticlePage.objects.exclude(twin_kind="").values("pk")
    return entries_of(Page.objects.live().filter(pk__in=keys).order_by("title", "pk"))


def _in_order(twins: Iterable[ListedPage]) -> list[ListedPage]:
    kinds = TwinKind.values
    return sorted(twins, key=lambda twin: (kinds.index(twin.kind), twin.title))
