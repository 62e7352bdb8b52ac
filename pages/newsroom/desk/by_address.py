"""From the public address of a page to the form in which it is changed.

Readers' pages are the same for all and know nobody, so none of them can have a button for editors.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from pages.content.tree.addresses import address_typed, any_pages_at, as_pages_write_it
from pages.newsroom.acting import SignedInRequest


def change_page_at(request: SignedInRequest, address: str = "") -> HttpResponse:
    """Leads to the form of the page at `/admin/andra/<address>`, or at the address that was pasted."""
    asked = (address or request.GET.get("sida", "")).strip()
    _host, place = address_typed(asked)
    page = any_pages_at(as_pages_write_it(place)).first() if place else None
    form = AdminURLFinder(request.user).get_edit_url(page) if page else None
    if form is None:
        text = gettext("There is no page that you can change at “%(address)s”.")
        messages.error(request, text % {"address": asked})
    return redirect(form or "wagtailadmin_home")


def address_of_changing() -> list[URLPattern]:
    return [
        path("andra/", change_page_at, name="change_page_at"),
        path("andra/<path:address>", change_page_at),
    ]
