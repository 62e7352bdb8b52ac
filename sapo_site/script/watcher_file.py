"""The watcher as one file, to be carried to a machine that has nothing of the site."""

import tempfile
import zipfile
from pathlib import Path

from . import page_leads, signed_release, watch_site


def watcher_file() -> bytes:
    """What Python runs as it is: the same octets wherever it is made."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            run = "import sys\n\nfrom sapo_watch.watch_site import watch_once\n\nsys.exit(watch_once(sys.argv[1:]))\n"
            texts = {"__main__.py": run, "sapo_watch/__init__.py": ""}
            for module in (page_leads, signed_release, watch_site):
                path = Path(module.__file__ or "")
                texts[f"sapo_watch/{path.name}"] = path.read_text(encoding="utf-8")
            for name, text in texts.items():
                archive.writestr(zipfile.ZipInfo(name), text)
        file.seek(0)
        return file.read()
