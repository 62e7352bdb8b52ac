"""The page where handlers log in, which names its style sheet and program by what is in them."""

import base64
import hashlib
import re
from collections.abc import Callable

from . import build

# Where it is put among the static files: its name does not change, since its addresses do not.
NAME = "desk/login.html"
PROGRAM = "tips/login.js"
_PARTS = {"icon": "icons/favicon.svg", "style": "css/desk.css", "script": PROGRAM}
_PART = re.compile(r"\{([a-z-]+)\}")


def filled(address_of: Callable[[str], str], program: bytes) -> str:
    """The page with the addresses of what it loads, and the sum that its program must have."""
    page = (build.FOLDER / "login.html").read_text(encoding="utf-8")
    parts = {part: address_of(name) for part, name in _PARTS.items()}
    parts["script-sum"] = f"sha384-{base64.b64encode(hashlib.sha384(program).digest()).decode()}"
    return _PART.sub(lambda part: parts[part[1]], page)
