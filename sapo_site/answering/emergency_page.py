"""The crisis page: what whoever comes to the website meets first, while its file lies there.

nginx shows it on top of every page of the visitors' name (deploy/nginx.conf), and needs no service, database or
cache for that. Whoever goes on from it reads the page that was asked for; the tip form goes on beside it.
"""

import os
import re
from pathlib import Path

from django.conf import settings
from django.utils.html import escape

from .error_page import unframed_page

# With the page of the level, compressed, as much as comes with the first packets: 14 kB, style and all.
LARGEST_PAGE = 7_000

_SWEDISH = (
    '<p><a href="">Gå vidare till sidan</a></p><p><a href="/tipsa/">Lämna ett tips</a></p>'
    '<p>Vid fara för liv: ring <a href="tel:112">112</a>. '
    'Polisen: <a href="tel:11414">114 14</a>. '
    f'Säkerhetspolisen: <a href="{settings.PHONE_HREF}">{settings.PHONE}</a>.</p>'
)
_ENGLISH = (
    '<p><a href="">Go on to the page</a></p><p><a href="/en/tipsa/">Leave a tip</a></p>'
    '<p>If a life is in danger: call <a href="tel:112">112</a>. '
    'The police: <a href="tel:11414">114 14</a>. '
    "The Swedish Security Service: "
    f'<a href="{settings.PHONE_HREF}">{settings.PHONE_FROM_ABROAD}</a>.</p>'
)
_NO_MESSAGE = "En allvarlig händelse pågår. Följ det som myndigheterna säger och sprid inga rykten."
_NO_ENGLISH = (
    "A serious event is under way. Follow what the authorities say, and spread no rumours."
)


class TooLong(Exception):
    """The page would be larger than it may be."""


def show(message: str = "", english: str = "") -> None:
    """Puts the page there, with the agency's message in it, or in place of a former one."""
    body = (
        f"{_paragraphs(message or _NO_MESSAGE)}{_SWEDISH}"
        '<section lang="en"><h2>Important message</h2>'
        f"{_paragraphs(english or _NO_ENGLISH)}{_ENGLISH}</section>"
    )
    page = unframed_page("sv", "Viktigt meddelande", body).encode()
    if len(page) > LARGEST_PAGE:
        raise TooLong(len(page))
    part = page_file().with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(page)
    part.chmod(0o640)  # nginx belongs to the group
    os.replace(part, page_file())


def hide() -> bool:
    """Whether there was one."""
    try:
        page_file().unlink()
    except FileNotFoundError:
        return False
    return True


def is_shown() -> bool:
    return page_file().exists()


def page_file() -> Path:
    """Beside the editions, where nginx reads and this service may write."""
    folder: Path = settings.EDITION_DIR
    return folder / "emergency.html"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(each.strip())}</p>" for each in re.split(r"\n\s*\n", text.strip()))
