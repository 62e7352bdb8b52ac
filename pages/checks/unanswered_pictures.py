"""Pictures of which nobody has said whether they show people who can be recognised."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding


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
