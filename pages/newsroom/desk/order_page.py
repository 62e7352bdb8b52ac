"""The page on which somebody proposes another order of the pages below a page."""

from collections.abc import Sequence

from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.models import Page

from pages.ground.whole_numbers import whole_number
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.proposals import title_of

from .proposing import ProposingView

_MOST = 200


class OrderView(ProposingView):
    """Lets the public pages below a page be moved up and down, with or without script."""

    act = "order"
    template_name = "newsdesk/order.html"

    def find(self) -> object:
        return get_object_or_404(Page, pk=self.kwargs["pk"])

    def look(self) -> HttpResponse | None:
        self.children = self.object.get_children().live().order_by("path").specific()
        if not 2 <= self.children.count() <= _MOST:
            messages.info(
                self.request, gettext("There are too few pages here to order, or too many.")
            )
            return redirect("wagtailadmin_explore", self.object.pk)
        return super().look()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page([page.pk for page in self.children])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        given = [_key(key) for key in request.POST.getlist("children")]
        there = [page.pk for page in self.children]
        if sorted(given) != sorted(there):
            text = gettext("Pages have come or gone meanwhile. Look at the order again.")
            return self._page(there, errors=[text])
        for way, step in (("up", -1), ("down", 1)):
            key = whole_number(request.POST.get(way, ""))
            if key is not None and key in given:
                return self._page(_moved(given, key, step), moved=key, way=way)
        if given == there:
            return self._page(given, errors=[gettext("The order is as it was.")])
        try:
            proposal = self.propose({"children": given})
        except (NotConfirmed, ValidationError) as error:
            return self._page(given, errors=error.messages)
        return redirect("newsdesk:send_proposal", proposal.pk)

    def _page(
        self,
        keys: list[int],
        *,
        moved: int | None = None,
        way: str = "",
        errors: Sequence[str] = (),
    ) -> HttpResponse:
        names = {page.pk: title_of(page) for page in self.children}
        rows = [{"key": key, "name": names[key]} for key in keys]
        if moved is not None:
            place = keys.index(moved)
            # The button that was pressed, or at an end the only one that is left.
            at_end = place == (0 if way == "up" else len(keys) - 1)
            rows[place]["focus"] = {"up": "down", "down": "up"}[way] if at_end else way
        said = moved and gettext("“%(title)s” is number %(number)d of %(count)d now.") % {
            "title": names[moved],
            "number": keys.index(moved) + 1,
            "count": len(keys),
        }
        return self.page(errors=errors, rows=rows, said=said)


def _key(sent: str) -> int:
    key = whole_number(sent)
    if key is None:
        raise BadRequest
    return key


def _moved(keys: list[int], key: int, step: int) -> list[int]:
    place = keys.index(key)
    other = place + step
    if not 0 <= other < len(keys):
        return keys
    keys[place], keys[other] = keys[other], keys[place]
    return keys
