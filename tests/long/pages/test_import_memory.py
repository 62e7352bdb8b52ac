"""How much memory an import takes of the machine: that of the site's process, and of the largest child."""

import re
import subprocess
import threading
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pages.importing.build import article_from
from pages.importing.reading_apart import article_in_file
from pages.library.apart import started
from tests.factories.word_files import paragraph, picture, word_file

# Children draw one after another.
MOST_OF_A_CHILD = 250
MOST_MORE_IN_THE_SITE = 50


class Measured(subprocess.Popen):
    """A child whose largest size is looked at as long as it lives.

    What the system counts at its end holds the size of the process that it was forked from.
    """

    largest = 0

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        with suppress(OSError):
            while self.returncode is None:
                Measured.largest = max(Measured.largest, megabytes_of(self.pid, "VmHWM"))
                time.sleep(0.01)


def megabytes_of(process: int | str, size: str) -> int:
    found = re.search(rf"{size}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) // 1024 if found else 0


@pytest.mark.django_db
def test_picture_of_24_megapixels_takes_no_process_above_300_megabytes(
    section, tmp_path, monkeypatch, settings
):
    settings.MEDIA_ROOT = tmp_path / "media"
    drawn = BytesIO()
    noise = Image.effect_noise((1500, 1000), 60).convert("RGB").resize((6000, 4000))
    noise.save(drawn, "JPEG", quality=95)
    path = tmp_path / "a.docx"
    body = (paragraph("T", style="Title"), paragraph("I."), paragraph(inner=picture(alt="Kust.")))
    path.write_bytes(word_file(*body, pictures=(drawn.getvalue(),)))
    del drawn, noise
    monkeypatch.setattr(started.subprocess, "Popen", Measured)
    before = megabytes_of("self", "VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the largest size until now

    page = article_from(article_in_file(path), parent=section)

    assert page.image
    grown = megabytes_of("self", "VmHWM") - before
    assert 50 < Measured.largest < MOST_OF_A_CHILD
    assert grown < MOST_MORE_IN_THE_SITE
