"""Puts together the one file that opens tips on a machine without a network."""

import base64
import hashlib
import re
from pathlib import Path

from . import build

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
_IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);\n')
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_END_OF_SCRIPT = re.compile(r"</script|<!--", re.IGNORECASE)


def one_file() -> str:
    """The page with its style and its built program inside; its policy lets nothing else in."""
    script = (build.BUILT / "opener.js").read_text(encoding="utf-8")
    style = _style()
    if _END_OF_SCRIPT.search(script) or "</style" in style or "url(" in style:
        raise ValueError("the program or the style sheet cannot stand within a page")
    parts = {
        "script": script,
        "style": style,
        "script-sum": _sum(script),
        "style-sum": _sum(style),
        "frame-sum": frame_sum(),
    }
    page = (build.FOLDER / "offline" / "opener.html").read_text(encoding="utf-8")
    return re.sub(
        r"\{(script|style|script-sum|style-sum|frame-sum)\}", lambda part: parts[part[1]], page
    )


def frame_sum() -> str:
    """The sum of the script in the frame where pictures are decoded, as a policy names it."""
    document = (build.FOLDER / "content" / "picture_frame.html").read_text(encoding="utf-8")
    (script,) = _SCRIPT.findall(document)
    return _sum(script)


def _style() -> str:
    """The desk's style sheet as one text, without the letters of the name: this page fetches nothing, and says so."""

    def imported(match: re.Match[str]) -> str:
        if match["path"] == "wordmark.css":
            return ""
        content = (STYLES / match["path"]).read_text(encoding="utf-8")
        return f"@layer {match['layer']} {{\n{content}}}\n"

    return _IMPORT.sub(imported, (STYLES / "desk.css").read_text(encoding="utf-8"))


def _sum(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
