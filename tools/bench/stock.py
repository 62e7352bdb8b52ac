"""The same site in the way Wagtail serves it: its own route, and nothing fetched or kept ahead.

The pages are those that the site answers itself, to the byte, so that only the way differs.
"""

from contextlib import nullcontext

from sapo_site.wsgi import handler as application  # first: it sets Django up

from django.urls import re_path  # isort: skip
from wagtail.views import serve  # isort: skip

from pages import urls
from pages.content.models import BasePage
from pages.public.reading import middleware


def _live_translations(page: BasePage) -> dict[str, str]:
    there = page.get_translations().live().select_related("locale")
    return {each.locale.language_code: each.url for each in there}


addresses = urls.urlpatterns[-1].pattern.regex.pattern
urls.urlpatterns[-1] = re_path(addresses, serve, name="wagtail_serve")
# No content version is met, and without one nothing is kept from one request to the next.
middleware.one_version = lambda ask: nullcontext()
# What our own view fetches along with the page.
BasePage.live_translations = property(_live_translations)

__all__ = ["application"]
