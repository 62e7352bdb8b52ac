"""The formats of feeds: Django's RSS and Atom, with pictures, and JSON Feed 1.1."""

import json
from typing import IO, Any
from urllib.parse import urljoin
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from pages.library.picture import SharedPicture

_MEDIA = "http://search.yahoo.com/mrss/"


class AtomOfItsOwn(Atom1Feed):
    """Its id is its own address: two feeds may lead to one page (RFC 4287, 4.2.6)."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        self.feed["id"] = self.feed["feed_url"]
        super().add_root_elements(handler)


class _WithPictures(SyndicationFeed):
    """Names each item's picture as Media RSS does, which holds for both formats.

    An enclosure would want the length of the file, and say nothing of the picture's size.
    """

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, object]) -> None:
        super().add_item_elements(handler, item)
        if picture := self.picture_of(item):
            size = {"width": str(picture.width), "height": str(picture.height)}
            given = AttributesImpl({"url": picture.url, "medium": "image", **size})
            handler.startElement("media:content", given)
            handler.endElement("media:content")

    def picture_of(self, item: dict[str, Any]) -> SharedPicture | None:
        picture: SharedPicture | None = item["picture"]
        return picture and picture._replace(url=urljoin(self.feed["feed_url"], picture.url))


class RSSFeed(_WithPictures, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": _MEDIA}


class AtomFeed(_WithPictures, AtomOfItsOwn):
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
        picture, published = self.picture_of(item), item["pubdate"]
        return {
            "id": item["link"],
            "url": item["link"],
            "title": item["title"],
            "content_text": item["summary"],
            "date_modified": rfc3339_date(item["updateddate"]),
            "tags": item["categories"],
            **({"date_published": rfc3339_date(published)} if published else {}),
            **({"image": picture.url} if picture else {}),
        }
