"""The validator of the W3C (vnu), which reads the HTML that was sent."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.lacking import lacking

from .fetched import from_npm


def invalid_in(folder: Path) -> list[tuple[str, int, str]]:
    """The errors in the documents of a folder: which one, on which line, and what."""
    java = shutil.which("java") or lacking("default-jre-headless")
    vnu = from_npm() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [
        str(java),
        "-jar",
        str(vnu),
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
    ]
    documents = [str(path) for path in sorted(folder.glob("*.html"))]
    done = subprocess.run(
        [*command, *documents], capture_output=True, text=True, check=True, timeout=300
    )
    return [
        (Path(each.get("url", "")).stem, each.get("lastLine", 0), each["message"])
        for each in json.loads(done.stderr)["messages"]
    ]
