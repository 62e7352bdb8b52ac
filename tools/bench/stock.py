"""The same site in the way Wagtail serves it: its own route, and nothing fetched or kept ahead.

The pages are those that the site answers itself, to the byte, so that only the way differs.
"""

from contextlib import nullcontext

from sapo_site.wsgi import handler as application  # first: it sets Django up

from django.urls import re_path  # isort: skip
from wagtail.views import serve  # isort: skip

from pages import urls
from pages.public.reading import middleware

addresses = urls.urlpatterns[-1].pattern.regex.pattern
urls.urlpatterns[-1] = re_path(addresses, serve, name="wagtail_serve")
# No content version is met, and without one nothing is kept from one request to the next.
middleware.one_version = lambda ask: nullcontext()

__all__ = ["application"]
