"""Every door at which an editor gives a file to the CMS, and how a browser knocks at it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from .factories import SiteDocumentFactory, SiteImageFactory

_WHERE_NEW_ONES_COME = ("add/", "multiple/add/", "chooser/create/")
DOORS = [f"{kind}/{door}" for kind in ("images", "documents") for door in _WHERE_NEW_ONES_COME]
# Where the file of a picture or document is replaced: by its key.
REPLACING = ["images/{}/", "documents/edit/{}/"]


def opened(door: str) -> str:
    """The door's address; one that replaces has something to replace."""
    if door not in REPLACING:
        return f"/admin/{door}"
    make = SiteImageFactory if door.startswith("images") else SiteDocumentFactory
    return f"/admin/{door.format(make().pk)}"


def upload(client: Client, address: str, name: str, content: bytes, **changes: Any) -> Any:
    """The answer to a file, with everything else in its form as it should be but for the changes."""
    form = {"title": "Kust", "collection": 1, "shows_people": "no", "tags": "", **changes}
    form["files[]" if "multiple" in address else "file"] = SimpleUploadedFile(name, content)
    if "chooser" in address:
        before = f"{address.split('/')[2].removesuffix('s')}-chooser-upload-"
        form = {f"{before}{field}": value for field, value in form.items()}
    return client.post(address, form)


def said_in(answer: Any) -> str:
    """What the answer tells, in the page or in what a script puts into the page."""
    if answer["Content-Type"].startswith("application/json"):
        told = answer.json()
        return " ".join(
            str(told.get(name, "")) for name in ("form", "htmlFragment", "error_message")
        )
    return str(answer.content.decode())
