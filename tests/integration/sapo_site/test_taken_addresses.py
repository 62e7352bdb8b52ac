"""Where something of the site answers, in whichever service, no page may lie."""

import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec
from types import ModuleType

import pytest
from django.test import override_settings
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from django.utils import translation

from pages.content.models import NewsIndexPage
from pages.content.tree.addresses import is_taken
from tests.factories import ArticlePageFactory

_SLUG = re.compile(r"[a-z0-9_-]+")


def _urls(role: str) -> ModuleType:
    """The addresses of a process that plays this role alone."""
    spec = find_spec("sapo_site.urls")
    module = module_from_spec(spec)
    with override_settings(ROLES=frozenset({role}), WITH_PAGES=role in ("public", "editorial")):
        spec.loader.exec_module(module)
    return module


def _addresses(resolver: URLResolver) -> Iterator[str]:
    for _view, answers in resolver.reverse_dict.lists():
        yield from (
            address for possibilities, *_rest in answers for address, _names in possibilities
        )
    for prefix, inner in resolver.namespace_dict.values():
        for address in _addresses(inner):
            yield prefix + address


def _first_parts(role: str) -> set[str]:
    """What an address of this role begins with that a page's could begin with too."""
    found: set[str] = set()
    for language in ("sv", "en"):
        with translation.override(language):
            addresses = set(_addresses(URLResolver(RegexPattern("^/"), _urls(role))))
        found |= {address.partition("/")[0] for address in addresses if "/" in address}
    return {part for part in found if _SLUG.fullmatch(part)}


@pytest.fixture
def editorial(settings, monkeypatch) -> None:
    """The addresses that the CMS has where each role is a service of its own."""
    monkeypatch.setitem(sys.modules, "editorial_urls", _urls("editorial"))
    settings.ROOT_URLCONF = "editorial_urls"


def test_no_page_can_take_an_address_of_any_service(editorial, home, subtests):
    for role, some in [
        ("public", {"amnen", "dokument", "en", "halsa", "kontrollera", "media", "sok"}),
        ("editorial", {"admin"}), ("intake", {"tipsa", "en", "halsa"}),
        ("desk", {"tipsmottagning", "halsa"}),
    ]:  # fmt: skip
        for language in ["sv", "en"]:
            with subtests.test(role=role, language=language):
                parts = _first_parts(role)
                assert parts >= some
                form_class = NewsIndexPage.get_edit_handler().get_form_class()
                with translation.override(language):
                    for part in parts | {"static"}:
                        form = form_class(
                            {"slug": part}, instance=NewsIndexPage(), parent_page=home
                        )
                        assert "slug" in form.errors, part


def test_only_right_below_a_start_page_is_an_address_taken(home, section):
    assert is_taken("tipsa", home)
    assert not is_taken("tipsa", section)
    assert not is_taken("en", home.get_parent())
    assert not is_taken("verksamheten", home)


def test_a_page_whose_address_begins_as_a_language_can_be_read(client, home):
    ArticlePageFactory(parent=home, slug="en-vanlig-dag")
    assert client.get("/en-vanlig-dag/").status_code == 200


def test_each_address_that_is_no_page_is_left_alone_by_the_page_store_or_kept_on_purpose(settings):
    kept = {"amnen", "datasets", "kontrollera", "sok", "en", "tillganglighet"}
    parts = set().union(*(_first_parts(role) for role in settings.ALL_ROLES))
    never = {address.removeprefix("/en").strip("/") for address in settings.PAGE_STORE_NEVER}
    assert parts - kept == never - {"static"}
