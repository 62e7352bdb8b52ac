"""Krisläge in the menu of the CMS."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from pages.content.publishing.roles import is_chief
from pages.newsroom.in_crisis import messages_out


class CrisisMenuItem(MenuItem):
    """First for chief editors; marked while a message is out."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_chief(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        number = len(messages_out())
        label = gettext("Crisis (%(number)d out)") % {"number": number} if number else self.label
        return LinkMenuItem(
            self.name,
            label,
            self.url,
            icon_name=self.icon_name,
            classname="crisis-menu crisis-menu--out" if number else "crisis-menu",
        )


def crisis_in_menu() -> MenuItem:
    return CrisisMenuItem(
        _("Crisis"), reverse("newsdesk:crisis"), name="krislage", icon_name="warning", order=1
    )
