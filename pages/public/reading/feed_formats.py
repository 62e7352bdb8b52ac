"""The formats of feeds: Django's RSS and Atom, with pictures, and JSON Feed 1.1."""

import json
import re
from typing import IO, Any
from urllib.parse import urljoin
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from lxml import html as lxml_html
from lxml.etree import strip_attributes, strip_elements, strip_tags

from pages.content.models import NewsPage
from pages.library.picture import SharedPicture
from pages.public.frame.headings import with_levels

_MEDIA = "http://search.yahoo.com/mrss/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
# Of what a page shows, what is of use in a reader: no icons, scripts, players or names of our styles.
_LEFT_OUT = ("button", "script", "svg", "template")
_NO_USE = ("class", "id", "loading", "sizes", "srcset", "style", "tabindex")
# Control characters, pasted from Word for example: XML cannot hold them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")


def writable(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)


def whole_text(page: NewsPage, address: str) -> str:
    """The lead and the body of a page as HTML, with whole addresses."""
    html = f"<p>{escape(page.lead)}</p>"
    for block, level in with_levels(page.body):
        html += block.render({"page": page, "block_id": block.id, "level": str(level)})
    tree = lxml_html.fragment_fromstring(writable(html), create_parent="div")
    strip_elements(tree, *_LEFT_OUT, with_tail=False)
    strip_tags(tree, "picture", "source")
    strip_attributes(tree, *_NO_USE)
    tree.make_links_absolute(address)
    return lxml_html.tostring(tree, encoding="unicode")


class AtomOfItsOwn(Atom1Feed):
    """Its id is its own address: two feeds may lead to one page (RFC 4287, 4.2.6)."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        self.feed["id"] = self.feed["feed_url"]
        super().add_root_elements(handler)


class _WithPictures(SyndicationFeed):
    """Gives news with their whole text, and names each item's picture as Media RSS does.

    An enclosure would want the length of the file, and say nothing of the picture's size.
    """

    content_element: tuple[str, dict[str, str]]

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if page := item.get("page"):
            name, attributes = self.content_element
            handler.addQuickElement(name, whole_text(page, item["link"]), attributes)
        if picture := self.picture_of(item):
            size = {"width": str(picture.width), "height": str(picture.height)}
            given = AttributesImpl({"url": picture.url, "medium": "image", **size})
            handler.startElement("media:content", given)
            handler.endElement("media:content")

    def picture_of(self, item: dict[str, Any]) -> SharedPicture | None:
        picture: SharedPicture | None = item["picture"]
        return picture and picture._replace(url=urljoin(self.feed["feed_url"], picture.url))


class RSSFeed(_WithPictures, Rss201rev2Feed):
    content_element = ("content:encoded", {})

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": _MEDIA, "xmlns:content": _CONTENT}


class AtomFeed(_WithPictures, AtomOfItsOwn):
    content_element = ("content", {"type": "html"})

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:media": _MEDIA}


class JSONFeed(_WithPictures):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[bytes], encoding: str) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [self._as_json(item) for item in self.items],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False).encode(encoding))

    def _as_json(self, item: dict[str, Any]) -> dict[str, object]:
        picture, published, page = self.picture_of(item), item["pubdate"], item.get("page")
        content = (
            {"summary": item["summary"], "content_html": whole_text(page, item["link"])}
            if page
            else {"content_text": item["summary"]}
        )
        return {
            "id": item["link"],
            "url": item["link"],
            "title": item["title"],
            **content,
            "date_modified": rfc3339_date(item["updateddate"]),
            "tags": item["categories"],
            **({"date_published": rfc3339_date(published)} if published else {}),
            **({"image": picture.url} if picture else {}),
        }
