"""The page that says which accounts count as one person's, and where a chief editor lifts that."""

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from pages.ground.whole_numbers import whole_number
from pages.newsroom.account_changes import lift_tie
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.models import AccountEvent
from pages.newsroom.moments import since
from pages.newsroom.persons import why_not_lifted

from .telling import full_name_of


def ties_in_menu() -> MenuItem:
    label = gettext_lazy("Accounts that belong together")
    return MenuItem(label, reverse("newsdesk:ties"), icon_name="group", order=15)


class TiesView(View):
    """Shows what ties accounts, and what has been lifted."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        user: User = request.user
        now = timezone.now()
        rows, asked = [], set()
        for event in AccountEvent.objects.of_late(now).select_related("account", "by"):
            is_newest = event.account_id not in asked
            asked.add(event.account_id)
            may_lift = is_newest and not why_not_lifted(user, event.account, now)
            rows.append((event.words(since(event.at)), event, may_lift))
        return render(request, "newsdesk/ties.html", {"rows": rows})

    def post(self, request: SignedInRequest) -> HttpResponse:
        now, user = timezone.now(), request.user
        shown = get_object_or_404(AccountEvent, pk=whole_number(request.POST.get("shown", "")))
        account: User = shown.account
        if AccountEvent.objects.of_late(now).filter(account=account).first() != shown:
            text = gettext(
                "Something else has been done to the account of %(name)s. Read that first."
            )
            messages.error(request, text % {"name": full_name_of(account)})
        elif why_not := why_not_lifted(user, account, now):
            messages.error(request, why_not)
        else:
            lift_tie(account)
            text = gettext(
                "%(name)s counts as a person's own again. All chief editors get an e-mail."
            )
            messages.success(request, text % {"name": full_name_of(account)})
        return redirect("newsdesk:ties")
