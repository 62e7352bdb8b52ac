"""Whether a picture that came in a file shows people, and what they have said to that."""

from pages.content.models import BasePage
from pages.library.models import SiteImage

from ..editing.terms_form import AsksForTerms


class PeopleForm(AsksForTerms):
    """What the upload of a picture asks for, too."""

    class Meta:
        model = SiteImage
        fields = ("shows_people", "consent", "consent_reason", "consent_until")


def is_to_be_asked(image: SiteImage, page: BasePage) -> bool:
    """Whether it came with the page, and nobody has answered; one that the library had is let be."""
    came_along = image.uploaded_by_user_id == page.owner_id and image.public_since is None
    return came_along and not image.shows_people
