"""The edition: every public page as a file with its compressed twins, for nginx to serve.

    edition/
      1d0e….0/            the pages of one content version; the number counts changes by themselves
        index.html  index.html.gz  index.html.br  answer.json
        verksamheten/…
      current -> 1d0e….0
      former -> 77a2….0

Each change makes a new, empty folder current. Python answers for the pages that are not in it yet.
The last whole edition stays, as the former one, until the current one is whole: for readers whom
nobody can answer. A page that is withdrawn is taken out of it at once; if it was published by
mistake, the former edition is removed as a whole, since its lists name the page.
"""

import fcntl
import json
import math
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from pages.content.models import Topic
from pages.content.tree.addresses import address_of
from pages.ground.models import ContentVersion
from pages.ground.version.clock import next_moment

from .answer import Answer, tag_of
from .first_pages import for_machines
from .question import Question

_ENDINGS = {"": "", "gzip": ".gz", "br": ".br"}
_WHOLE = "whole"
_CURRENT = "current"
_FORMER = "former"
_REMOVED = "removed-"
# The version before anything is published.
_NOTHING = "nothing"


def has_edition() -> bool:
    """Whether this installation has an edition: only if it knows the address of the site."""
    return bool(settings.EDITION_URL)


def scheme_and_host() -> tuple[str, str]:
    """Where visitors read; without an edition, where editors do."""
    parts = urlsplit(settings.EDITION_URL or settings.WAGTAILADMIN_BASE_URL)
    return parts.scheme, parts.netloc


@dataclass(frozen=True)
class Edition:
    """The pages of one content version."""

    folder: Path

    @classmethod
    def current(cls) -> "Edition | None":
        """The edition that readers get now."""
        return cls._named(_CURRENT)

    @classmethod
    def former(cls) -> "Edition | None":
        """The last whole edition, while the current one is not whole."""
        return cls._named(_FORMER)

    @classmethod
    def _named(cls, name: str) -> "Edition | None":
        try:
            return cls(_root() / os.readlink(_root() / name))
        except OSError:
            return None

    @property
    def version(self) -> str:
        return self.folder.name.partition(".")[0]

    def write(self, address: str, answer: Answer) -> None:
        """Writes the files of a page, each whole or not at all; the uncompressed one last."""
        place, folder = self._place(address), self.folder
        try:
            for part in place.relative_to(folder).parts:
                folder /= part
                folder.mkdir(exist_ok=True)
        except FileNotFoundError:  # the edition has been replaced and removed meanwhile
            return
        kept = {"status": answer.status, "headers": answer.headers, "made_at": answer.made_at}
        _replace(place / "answer.json", json.dumps(kept).encode())
        for encoding, ending in reversed(_ENDINGS.items()):
            if encoding in answer.bodies:
                _replace(place / f"index.html{ending}", answer.bodies[encoding])

    def answer_to(self, address: str) -> Answer | None:
        """The answer that was written for an address, with its headers."""
        try:
            place = self._place(address)
            kept = json.loads((place / "answer.json").read_bytes())
            bodies = {"": (place / "index.html").read_bytes()}
            for encoding, ending in _ENDINGS.items():
                if (file := place / f"index.html{ending}").exists():
                    bodies[encoding] = file.read_bytes()
            headers = tuple((name, value) for name, value in kept["headers"])
            return Answer(kept["status"], headers, bodies, tag_of(bodies[""]), kept["made_at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def has(self, address: str) -> bool:
        """Whether the page at an address has been written."""
        return (self._place(address) / "index.html").exists()

    def take_out(self, address: str) -> None:
        """Takes the page at an address away; those below it stay."""
        _remove_page(self._place(address))

    def keep_only(self, addresses: Iterable[str]) -> None:
        """Takes away all pages but those at these addresses."""
        kept = {str(self._place(address)) for address in addresses}
        for place, _folders, files in os.walk(self.folder):
            if "index.html" in files and place not in kept:
                _remove_page(Path(place))

    def whole_until(self) -> float | None:
        """Until when all pages hold, in seconds since 1970; None if not all are written."""
        try:
            return float((self.folder / _WHOLE).read_text())
        except (OSError, ValueError):
            return None

    def make_whole(self, until: float) -> None:
        _replace(self.folder / _WHOLE, str(until).encode())

    def _place(self, address: str) -> Path:
        parts = [part for part in address.split("/") if part]
        if any(part.startswith(".") or "\0" in part for part in parts):
            raise ValueError(address)
        return self.folder.joinpath(*parts)


def shown_version() -> str:
    """The content version of the edition that readers get now; empty if there is none."""
    if not has_edition():
        return ""
    try:
        version = os.readlink(f"{settings.EDITION_DIR}/{_CURRENT}").partition(".")[0]
    except OSError:
        return ""
    return "" if version == _NOTHING else version


def changes_at() -> float:
    """When pages first change by themselves after the present edition was made current.

    In seconds since 1970. What is written into it later has the same moments before it.
    """
    made = datetime.fromtimestamp(os.lstat(_root() / _CURRENT).st_mtime, tz=UTC)
    moments = (next_moment(language, after=made) for language, _name in settings.LANGUAGES)
    return min((each.timestamp() for each in moments if each), default=math.inf)


def begin() -> Edition:
    """Makes the edition of the present content version current; a new one is empty.

    The version is read under the lock, so that a late caller cannot bring back an old one.
    """
    with _alone() as root:
        current = Edition.current()
        version = ContentVersion.current() or _NOTHING
        if current and current.version == version and current.folder.is_dir():
            return current
        return _make_current(root, f"{version}.0")


def begin_anew(former: Edition) -> Edition:
    """Replaces an edition with an empty one, after something has changed by itself."""
    with _alone() as root:
        current = Edition.current()
        if current is None or current.folder != former.folder:
            return current or former
        version, _, number = former.folder.name.partition(".")
        return _make_current(root, f"{version}.{int(number or 0) + 1}")


def take_out(address: str) -> None:
    """Takes a page that is withdrawn out of the former edition, too."""
    begin()
    if former := Edition.former():
        former.take_out(address)


def take_out_all() -> None:
    """Removes every file that was written before the present content version."""
    try:
        begin()
    finally:
        (_root() / _FORMER).unlink(missing_ok=True)
    remove_old()


def take_out_what_names(addresses: Iterable[str]) -> None:
    """Removes the former edition if it was made while one of these was public."""
    former = Edition.former()
    if former and any(former.answer_to(address) for address in addresses):
        (_root() / _FORMER).unlink(missing_ok=True)


def remove_old() -> None:
    """Removes the editions that nobody needs any more, while other processes go on."""
    old = []
    with _alone() as root:
        current = Edition.current()
        if current and current.whole_until() is not None:
            (root / _FORMER).unlink(missing_ok=True)
        needed = [each.folder for each in (current, Edition.former()) if each]
        for folder in root.iterdir():
            if current and folder.is_dir() and not folder.is_symlink() and folder not in needed:
                # Renamed as no version is named, so that nobody writes to it or makes it current.
                old.append(folder.rename(root / f"{_REMOVED}{secrets.token_hex(8)}"))
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)


def standing_answer_to(question: Question) -> Answer | None:
    """The answer in the current edition or the former, for a page that cannot be rendered now."""
    if not has_edition() or question.query or question.host != scheme_and_host()[1]:
        return None
    for edition in (Edition.current(), Edition.former()):
        if edition and (answer := edition.answer_to(question.path)):
            return answer
    return None


def addresses() -> Iterator[str]:
    """Every public address that has a file of its own, the start pages and sections first."""
    pages = Page.objects.live().filter(depth__gt=1).order_by("depth", "path")
    for url_path in pages.values_list("url_path", flat=True).iterator(chunk_size=2000):
        if address := address_of(url_path):
            yield address
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            topics = Topic.objects.public().filter(locale__language_code=language)
            slugs = list(topics.values_list("slug", flat=True))
            if slugs:
                yield reverse("pages:topic_list")
            for slug in slugs:
                yield reverse("pages:topic", args=[slug])
    yield from for_machines()


def _root() -> Path:
    root: Path = settings.EDITION_DIR
    return root


@contextmanager
def _alone() -> Iterator[Path]:
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield root
    finally:
        os.close(descriptor)


def _make_current(root: Path, name: str) -> Edition:
    folder = root / name
    try:
        folder.mkdir(exist_ok=True)
        current = Edition.current()
        if current and current.whole_until() is not None:
            _link(root / _FORMER, current.folder.name)
        _link(root / _CURRENT, name)
    except OSError:  # a full disk, for example: no edition is better than an old one
        (root / _CURRENT).unlink(missing_ok=True)
        raise
    return Edition(folder)


def _link(path: Path, name: str) -> None:
    link = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    link.symlink_to(name)
    os.utime(link, (time.time(),) * 2, follow_symlinks=False)  # `changes_at` reads it
    link.replace(path)


def _remove_page(place: Path) -> None:
    # The page itself first: without it, nothing of the rest is read.
    for name in [f"index.html{ending}" for ending in _ENDINGS.values()] + ["answer.json"]:
        (place / name).unlink(missing_ok=True)


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except FileNotFoundError:  # the edition has been replaced and removed meanwhile
        return
    except OSError:
        part.unlink(missing_ok=True)
        raise
