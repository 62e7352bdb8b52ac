"""Pictures of which nobody has said whether they show people who can be recognised."""

from collections.abc import Iterator

from django.utils.translation import gettext
from wagtail.images import get_image_model

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding


class UnansweredPictures(ContentCheck):
    name = "people_in_picture"
    colour = Colour.AMBER

    def find(self, content: Content) -> Iterator[Finding]:
        for picture in content.pictures:
            image = content.named(get_image_model(), picture.key)
            if image is None or image.shows_people:
                continue
            yield self.finding(
                picture.spot,
                title=gettext("Does the picture show people who can be recognised?"),
                why=gettext("Nobody has answered that of “%(title)s”.") % {"title": image.title},
                fix=gettext(
                    "Open the picture under Pictures, and answer there, with their consent."
                ),
                words=image.title,
                about=f"picture {picture.key}",
            )
