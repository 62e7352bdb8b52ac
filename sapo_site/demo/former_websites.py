"""The addresses of the agency's former websites, as editors would keep them."""

from collections.abc import Callable
from pathlib import Path

from pages.content.models import FormerAddresses

_FOLDER = Path(__file__).parent / "content" / "former_addresses"
FORMER_WEBSITES = {"Webbplatsen 2022–2026": "present.csv", "Webbplatsen före 2022": "older.csv"}


def text_of_table(file: str) -> str:
    return (_FOLDER / file).read_text()


def add_former_addresses(publish: Callable[[FormerAddresses], object]) -> None:
    """Publishes a table for each former website; ValidationError if a line leads nowhere."""
    for name, file in FORMER_WEBSITES.items():
        table = FormerAddresses(name=name, lines=text_of_table(file))
        table.clean()
        table.refuse_faults()
        publish(table)
