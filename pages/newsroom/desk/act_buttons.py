"""Links to the pages on which acts are proposed, in the menus of Wagtail's lists and headers.

Who may not send them is told there: to ask for each line would be a query for each.
"""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin.widgets.button import Button
from wagtail.models import DraftStateMixin, Page

from pages.content.models import ThreatLevelDecision
from pages.content.tree.addresses import is_start
from pages.importing.build import takes_imports
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.withdrawals import pages_that_go


def offer_acts_in_list(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    return _offers(page, user, may_move=page.live)


def offer_acts_in_header(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    return _offers(page, user, may_move=pages_that_go(page).exists())


def _offers(page: Page, user: User, *, may_move: bool) -> Iterator[Button]:
    # Wagtail asks the same of every line, and remembers the answer of the person.
    if takes_imports(page) and page.permissions_for_user(user).can_add_subpage():
        address = reverse("newsdesk:from_file", args=[page.pk])
        yield Button(gettext("New page from Word"), address, icon_name="upload", priority=5)
    if may_move and not is_start(page):
        address = reverse("newsdesk:move", args=[page.pk])
        yield Button(gettext("Move"), address, icon_name="arrow-right-full", priority=20)
    if page.live and not is_start(page):
        yield _withdraw(page)
    if page.numchild > 1:
        address = reverse("newsdesk:order", args=[page.pk])
        yield Button(gettext("Order the pages below"), address, icon_name="list-ul", priority=70)


def offer_to_withdraw(snippet: Model, user: User, next_url: str | None = None) -> Iterator[Button]:
    is_public = isinstance(snippet, DraftStateMixin) and snippet.live
    if is_public and not isinstance(snippet, ThreatLevelDecision):
        yield _withdraw(snippet)


def _withdraw(obj: Model) -> Button:
    address = reverse("newsdesk:withdraw", args=[kind_of(obj), key_of(obj)])
    return Button(gettext("Take off the website"), address, icon_name="download", priority=60)
