"""The tip page as the website lists it: a process that serves visitors may lack its address."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from pages.content.tree.addresses import prefix_of
from pages.content.tree.fixed_pages import FixedPage


def tip_page_in(language: str) -> FixedPage:
    """The tip page with the title and description that it has itself."""
    with translation.override(language):
        names = _(
            "tip, tips, tip us, leave a tip, send a tip, anonymous tip, tip form, report, report someone, "
            "suspicious, anonymous, anonymously, whistleblower, send pictures, tor, report a spy, "
            "report terrorism"
        )
        return FixedPage(
            url=f"{prefix_of(language)}/{settings.INTAKE_PATH}",
            title=_("Leave us a tip"),
            summary=_(
                "How to reach the Swedish Security Service with what you have seen or heard."
            ),
            names=tuple(names.split(", ")),
        )
