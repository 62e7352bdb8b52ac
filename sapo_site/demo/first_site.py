"""The frame that a real site begins with: start pages, sections, and what the website says of itself."""

from dataclasses import replace

from wagtail.models import Page

from pages.newsroom.before_the_rule import building
from pages.newsroom.models import Approval, Publication

from .content_files import PageFile, content_files
from .site import DemoSite

# Title, lead and place in the menu; what stands below is the agency's to write.
_EMPTY = {
    "/", "/om-sakerhetspolisen/", "/verksamheten/", "/hoten-mot-sverige/", "/sakerhetsskydd/",
    "/jobba-hos-oss/", "/nyheter/", "/om-webbplatsen/",
    "/en/", "/en/about-us/", "/en/what-we-do/", "/en/threats-to-sweden/",
    "/en/protective-security/", "/en/work-for-us/", "/en/news/", "/en/about-this-website/",
}  # fmt: skip
_CONTACT_ALONE = {"/om-webbplatsen/press/", "/en/about-this-website/press/"}
# What the release says itself: of the website, and how the agency is reached.
_WHOLE = {
    "/om-webbplatsen/kontakt/", "/om-webbplatsen/kakor/", "/om-webbplatsen/personuppgifter/",
    "/om-webbplatsen/tillganglighet/",
    "/en/about-this-website/contact/", "/en/about-this-website/cookies/",
    "/en/about-this-website/personal-data/", "/en/about-this-website/accessibility/",
}  # fmt: skip
_FRAME = _EMPTY | _CONTACT_ALONE | _WHOLE
# What leads to pages, pictures or words that are the agency's to make, or says when the demo's were made.
_LEFT_OUT = ("aside", "image", "related", "topics", "changed_on", "lifted_news")


def is_empty() -> bool:
    """Whether the database holds no page but what Wagtail comes with, and nothing was ever public."""
    ours = [page for page in Page.objects.filter(depth__gt=1) if page.specific_class is not Page]
    return not ours and not Publication.objects.exists()


def build_first_site(hostname: str) -> int:
    """Builds the frame, or nothing at all; how many pages it has. They count as public before the rule."""
    files = [_framed(file) for file in content_files() if file.address in _FRAME]
    with building(Approval.Ground.BEFORE_THE_RULE):
        site = DemoSite(_say_nothing, (hostname, 443))
        site.begin()
        site.add_contacts()
        site.add_pages(files)
    return len(files)


def _framed(file: PageFile) -> PageFile:
    content = {name: value for name, value in file.content.items() if name not in _LEFT_OUT}
    body = [block for block in content.get("body", []) if block.get("page", "/") in _FRAME]
    if file.address in _CONTACT_ALONE:
        body = [block for block in body if block["type"] == "contact"]
    if content["type"] == "home":
        content.update(about="", tasks=[], about_links=[])
    if "body" in content:
        content["body"] = [] if file.address in _EMPTY else body
    return replace(file, content=content)


def _say_nothing(_text: str) -> None:
    pass
