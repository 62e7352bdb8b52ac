"""What it costs to take hidden data out of a large PDF, and what that leaves with who asked for it.

The measured part runs as a process of its own, `python -m tools.bench.cleaning ROUNDS`; prints its
figures as JSON.
"""

import io
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .databases import sqlite
from .installation import Installation
from .servers import run
from .tables import Aim, Table, number

MEGABYTES, PAGES = 20, 24
SECONDS, KEPT_MEGABYTES = 3, 32
_PATIENCE_SECONDS = 300


def tables(site: Installation, folder: Path, rounds: int) -> tuple[list[Table], list[Aim]]:
    command = [sys.executable, "-m", "tools.bench.cleaning", str(rounds)]
    with sqlite(site, folder / "cleaning") as environment:
        figures = json.loads(run(command, environment, _PATIENCE_SECONDS).splitlines()[-1])
    return [table_of(figures)], list(aims_of(figures))


def table_of(figures: dict[str, Any]) -> Table:
    return Table(
        f"A PDF of {MEGABYTES} MB, {PAGES} pages with photographs and text, cleaned",
        ("what", "value"),
        rows=[
            ("seconds until it can be stored", number(statistics.median(figures["seconds"]))),
            ("MB more in the process that asked", number(figures["kept"])),
        ],
        notes=["Median of wall time, with the start of the process that does it."],
    )


def aims_of(figures: dict[str, Any]) -> Iterator[Aim]:
    seconds = statistics.median(figures["seconds"])
    yield Aim(f"cleaning {MEGABYTES} MB of PDF, seconds", seconds, SECONDS)
    yield Aim("memory that it leaves with who asked, MB", figures["kept"], KEPT_MEGABYTES)


def main(rounds: int) -> None:
    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where files are received

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rapport.pdf")
        path.write_bytes(report())
        print(json.dumps(measured(path, rounds)))


def measured(path: Path, rounds: int) -> dict[str, Any]:
    from django.core.files.base import File

    from pages.library.cleaning.cleaned_files import cleaned

    # What the making of the report took does not count: the peak of this process is what was asked.
    before = _megabytes()
    seconds = []
    for _ in range(rounds):
        with path.open("rb") as file:
            began = time.perf_counter()
            with cleaned(File(file), path.name):
                seconds.append(time.perf_counter() - began)
    return {"seconds": seconds, "kept": max(0, _megabytes() - before)}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report() -> bytes:
    """Photographs as cameras make them, and text as people write it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    output = io.BytesIO()
    canvas = Canvas(output, pageCompression=1)
    for page in range(PAGES):
        photograph = io.BytesIO()
        picture = Image.effect_noise((1500, 1050), 50 + page).convert("RGB")
        picture.save(photograph, "JPEG", quality=76)
        canvas.drawImage(ImageReader(photograph), 60, 420, 480, 320)
        canvas.setFont("Helvetica", 10)
        for line in range(30):
            canvas.drawString(
                60, 400 - line * 12, f"{page} {line}: säkerhetsskydd är viktigt för alla, överallt."
            )
        canvas.showPage()
    canvas.save()
    return output.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[1]))
