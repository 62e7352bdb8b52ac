"""Pictures that say nothing to those who do not see them, or of which nobody has said whom they show."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from pages.library.alt_text import describes_something, tells_enough

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot


class AltTexts(ContentCheck):
    name = "alt_text"

    def find(self, content: Content) -> Iterator[Finding]:
        for picture in content.pictures:
            if picture.is_decorative:
                continue
            image = content.named(get_image_model(), picture.key)
            alt_text = picture.alt_text.strip()
            caption = picture.caption or getattr(image, "caption", "")
            if not alt_text:
                yield self._missing(picture.spot, f"picture {picture.key}")
            elif _plain(alt_text) == _plain(caption) or not describes_something(alt_text):
                yield self._empty(picture.spot, alt_text)
            elif not tells_enough(alt_text):
                yield self._empty(picture.spot, alt_text, Colour.AMBER)
        # The words that a picture brings along to each page that shows it.
        if isinstance(content.object, AbstractImage):
            own = content.object.description.strip()
            if own and not describes_something(own):
                yield self._empty(Spot("description", "description"), own)

    def _missing(self, spot: Spot, about: str) -> Finding:
        return self.finding(
            spot,
            title=gettext("The text alternative is missing"),
            why=gettext("Who does not see the picture is told nothing."),
            fix=gettext("Write what the picture shows, or tick Decorative."),
            about=about,
        )

    def _empty(self, spot: Spot, words: str, colour: Colour | None = None) -> Finding:
        return self.finding(
            spot,
            title=gettext("The text alternative says nothing"),
            why=gettext("“%(words)s” does not help who does not see the picture.")
            % {"words": words},
            fix=gettext("Write what the picture shows. Do not repeat the caption."),
            words=words,
            colour=colour,
        )


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" .")


class UnansweredPictures(ContentCheck):
    name = "people_in_picture"
    colour = Colour.AMBER
    title = _("Does the picture show people who can be recognised?")
    why = _("Nobody has answered that of “%(title)s”.")
    fix = _("Open the picture under Pictures, and answer there, with their consent.")

    def find(self, content: Content) -> Iterator[Finding]:
        for picture in content.pictures:
            image = content.named(get_image_model(), picture.key)
            if image is None or image.shows_people:
                continue
            yield self.finding(
                picture.spot,
                words=image.title,
                about=f"picture {picture.key}",
                said={"title": image.title},
            )
