"""Share links: plain links, so that nothing is loaded from another host."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from pages.content.models import BasePage
from pages.library.picture import SharedPicture, shared_picture


@dataclass(frozen=True)
class ShareLink:
    name: str
    url: str
    icon: str


def links_that_share(title: str, url: str) -> list[ShareLink]:
    """Links that share a title and an absolute address."""
    return [
        ShareLink(
            _("E-mail"), f"mailto:?subject={quote(title)}&body={quote(f'{title} {url}')}", "mail"
        ),
        ShareLink(
            "LinkedIn",
            f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': url})}",
            "linkedin",
        ),
        ShareLink(
            "Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': url})}",
            "facebook",
        ),
        ShareLink("X", f"https://x.com/intent/post?{urlencode({'text': title, 'url': url})}", "x"),
    ]  # fmt: skip


def lead_picture_of(page: BasePage | None) -> SharedPicture | None:
    """The picture at the top of a page, as a link to it shows it."""
    images = (block.value["image"] for block in getattr(page, "image", None) or [])
    return next((shared_picture(image) for image in images if image), None)
