"""The kinds of twins: pages that say what another page says, in easy words or in another language."""

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .spoken_languages import LANGUAGES, attributes_in_html


class TwinKind(models.TextChoices):
    """What the page is beside the one in ordinary Swedish. A language is called by its tag."""

    EASY = "lattlast", _("Easy Swedish")
    SIGNED = "swl", _("Sign language")
    FINNISH = "fi", LANGUAGES["fi"]
    YIDDISH = "yi", LANGUAGES["yi"]
    MEANKIELI = "fit", LANGUAGES["fit"]
    ROMANI = "rom", _("Romani chib")  # as the law calls it
    NORTH_SAMI = "se", LANGUAGES["se"]
    SOUTH_SAMI = "sma", LANGUAGES["sma"]
    LULE_SAMI = "smj", LANGUAGES["smj"]

    @property
    def own_name(self) -> str:
        """What those who look for it call it."""
        return _OWN_NAMES[self]

    @property
    def hreflang(self) -> str:
        """The language of the page that a link leads to; of a film, the one that is signed."""
        return "sv" if self is TwinKind.EASY else self.value

    @property
    def language(self) -> str:
        """The language of the page's written words, where it is not that of the frame."""
        return "" if self in (TwinKind.EASY, TwinKind.SIGNED) else self.value

    @property
    def attributes(self) -> SafeString:
        """The attributes of an element that holds such words."""
        return attributes_in_html(self.language)


_OWN_NAMES = {
    TwinKind.EASY: "Lättläst",
    TwinKind.SIGNED: "Teckenspråk",
    TwinKind.FINNISH: "Suomeksi",
    TwinKind.YIDDISH: "ייִדיש",
    TwinKind.MEANKIELI: "Meänkieli",
    TwinKind.ROMANI: "Romani čhib",
    TwinKind.NORTH_SAMI: "Davvisámegiella",
    TwinKind.SOUTH_SAMI: "Åarjelsaemien gïele",
    TwinKind.LULE_SAMI: "Julevsámegiella",
}
MINORITY_LANGUAGES = [kind for kind in TwinKind if kind.language]
