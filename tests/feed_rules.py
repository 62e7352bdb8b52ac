"""What is wrong with an RSS or a JSON feed, by the rules of RSS 2.0 and JSON Feed 1.1.

Stricter where readers differ: an item has a title, a link, a guid and a date, and a feed says where it is.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "item", "category", "ttl"}
_ITEM = {"title", "link", "description", "pubDate", "guid", "category", "author"}
_NEEDED = {"channel": ("title", "link", "description"),
           "item": ("title", "link", "guid", "pubDate", "description")}  # fmt: skip
_MANY = {"item", "category"}
_SELF = "{http://www.w3.org/2005/Atom}link[@rel='self']"
_MEDIA = "{http://search.yahoo.com/mrss/}content"
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def faults_in_rss(rss: bytes) -> list[str]:
    """Each fault; empty for a valid feed."""
    root = etree.fromstring(rss)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["no rss of version 2.0 with one channel"]
    return list(_faults_of_channel(channels[0]))


def _faults_of_channel(channel: etree._Element) -> Iterator[str]:
    yield from _elements(channel, _CHANNEL)
    if not _is_absolute((found := channel.find(_SELF)) is not None and found.get("href")):
        yield "channel: does not say where it is"
    if (language := channel.findtext("language")) and not _LANGUAGE.fullmatch(language):
        yield f"channel: language is {language!r}"
    guids = Counter(item.findtext("guid") for item in channel.findall("item"))
    yield from (f"channel: {guid} twice" for guid, times in guids.items() if times > 1)
    for item in channel.findall("item"):
        yield from _elements(item, _ITEM)
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false" and not _is_absolute(guid.text):
            yield f"guid: {guid.text!r} is no address"


def _elements(element: etree._Element, allowed: set[str]) -> Iterator[str]:
    found = Counter(child.tag for child in element if not str(child.tag).startswith("{"))
    yield from (
        f"{element.tag}: without {name}" for name in _NEEDED[element.tag] if not found[name]
    )
    for name, times in found.items():
        if name not in allowed:
            yield f"{element.tag}: {name} does not belong there"
        elif times > 1 and name not in _MANY:
            yield f"{element.tag}: {times} {name}"
    for child in element:
        text = child.text or ""
        if child.tag == "link" and not _is_absolute(text):
            yield f"link: leads to {text!r}"
        elif child.tag in ("pubDate", "lastBuildDate") and not _is_rfc_822(text):
            yield f"{child.tag}: {text!r} is no date"
        elif child.tag == _MEDIA and not _is_absolute(child.get("url")):
            yield f"media:content: lies at {child.get('url')!r}"


def _is_rfc_822(text: str) -> bool:
    try:
        return parsedate_to_datetime(text).tzinfo is not None
    except ValueError:
        return False


def faults_in_json_feed(content: bytes) -> list[str]:
    """Each fault; empty for a valid feed."""
    feed = json.loads(content)
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        return [f"feed: version is {feed.get('version')!r}"]
    return list(_faults_of_json(feed))


_FEED_TYPES: dict[str, type] = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "language": str, "authors": list, "items": list,
}  # fmt: skip
_ITEM_TYPES: dict[str, type] = {
    "id": str, "url": str, "title": str, "content_text": str, "content_html": str, "summary": str,
    "image": str, "date_published": str, "date_modified": str, "tags": list,
}  # fmt: skip


def _faults_of_json(feed: dict[str, Any]) -> Iterator[str]:
    yield from _members("feed", feed, _FEED_TYPES, needed=("title", "feed_url", "items"))
    if not _LANGUAGE.fullmatch(str(feed.get("language", "sv"))):
        yield f"feed: language is {feed['language']!r}"
    if not all(isinstance(each, dict) and each.get("name") for each in feed.get("authors", [])):
        yield "feed: an author without a name"
    ids = Counter(item.get("id") for item in feed.get("items", []))
    yield from (f"feed: {key} twice" for key, times in ids.items() if times > 1)
    for item in feed.get("items", []):
        yield from _members("item", item, _ITEM_TYPES, needed=("id", "url", "date_modified"))
        if not {"content_text", "content_html"} & item.keys():
            yield "item: without content"
        if not all(isinstance(tag, str) and tag for tag in item.get("tags", [])):
            yield f"item: tags are {item['tags']!r}"


def _members(
    name: str, given: dict[str, Any], types: dict[str, type], needed: tuple[str, ...]
) -> Iterator[str]:
    yield from (f"{name}: without {member}" for member in needed if given.get(member) in ("", None))
    for member, value in given.items():
        if member not in types or not isinstance(value, types[member]):
            yield f"{name}: {member} is {value!r}"
        elif member.startswith("date_") and not _RFC_3339.fullmatch(str(value)):
            yield f"{name}: {member} is {value!r}, which is no date"
        elif member.endswith("url") and not _is_absolute(value):
            yield f"{name}: {member} is {value!r}, which is no address"
        elif member == "image" and not _is_absolute(value):
            yield f"{name}: image lies at {value!r}"


def _is_absolute(address: Any) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and address == address.strip()
