"""Whatever a file does to the process that cleans it, the one that was asked goes on."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

from pages.cleaning import cleaned_files
from pages.cleaning.cleaned_files import FileRefused, cleaned
from tests.factories import film_files as film
from tests.factories.pdf_files import lines, pdf_of

ROOT = Path(__file__).resolve().parents[4]
UNREADABLE = "Filen togs inte emot: den går inte att läsa som txt."

# What is done in the child in the place of cleaning.
HARM = {
    "memory": "x = [bytes(50_000_000) for _ in range(100)]",
    "endless": "\nwhile True: pass",
    "sleeps": "import time; time.sleep(600)",
    "dies": "import os; os.abort()",
    "nonsense": "import sys; sys.stdout.write('nej'); sys.exit(0)",
    "floods": "open(str(target), 'wb').write(bytes(500_000_000))",
    "leaves": "import os, time\nif os.fork() == 0: time.sleep(600)\nraise SystemExit(1)",
}


def _program(deed: str, folder: Path) -> None:
    """A stand-in for the room, whose child harms."""
    room = folder / "pages" / "cleaning"
    room.mkdir(parents=True)
    (folder / "pages" / "__init__.py").write_text("")
    (room / "__init__.py").write_text("")
    ours = ROOT / "pages" / "cleaning"
    (room / "found.py").write_text((ours / "found.py").read_text())
    (room / "child.py").write_text((ours / "child.py").read_text())
    body = "\n".join(f"    {line}" for line in deed.splitlines())
    (room / "kinds.py").write_text(f"def clean_file(source, target, notes):\n{body}\n")


@pytest.mark.parametrize("name", HARM)
def test_a_file_that_harms_the_child_is_refused_and_nothing_is_left(name, tmp_path, settings):
    _program(HARM[name], tmp_path / "program")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    began = time.monotonic()
    with (
        patch.object(cleaned_files, "_ROOT", tmp_path / "program"),
        patch.object(cleaned_files, "_SECONDS", 2),
        patch.object(cleaned_files, "_MEGABYTES_OF_MEMORY", 400),
        pytest.raises(FileRefused) as refused,
    ):
        cleaned(ContentFile(b"hej"), "hej.txt")
    assert refused.value.messages[0].startswith(UNREADABLE)
    assert time.monotonic() - began < 30
    assert [path.name for path in tmp_path.iterdir()] == ["program"]
    assert _children_at_work_in(tmp_path) == []


def _children_at_work_in(folder: Path) -> list[str]:
    found = subprocess.run(["/bin/ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines()
            if "pages.cleaning.child" in line and str(folder) in line]  # fmt: skip


def test_the_child_has_no_secrets_of_its_parent_and_bounds_from_the_start(tmp_path):
    deed = (
        "import json, os, resource, sys\n"
        "notes.seen = {'environment': sorted(os.environ), 'files': len(os.listdir('/proc/self/fd')),\n"
        "    'memory': resource.getrlimit(resource.RLIMIT_AS)[1],\n"
        "    'seconds': resource.getrlimit(resource.RLIMIT_CPU)[1],\n"
        "    'group': os.getpgid(0) == os.getpid(), 'django': 'django' in sys.modules}\n"
        "target.write_bytes(b'hej')"
    )
    _program(deed, tmp_path)
    with (
        patch.object(cleaned_files, "_ROOT", tmp_path),
        patch.dict(os.environ, {"SAPO_SECRET_KEY": "hemlig"}),
    ):
        seen = cleaned(ContentFile(b"hej"), "hej.txt").inspection["seen"]
    assert set(seen.pop("environment")) <= {"LC_CTYPE", "TMPDIR"}
    assert seen.pop("files") <= 6
    assert seen == {
        "memory": 1024 * 1024 * 1024, "seconds": 45, "group": True, "django": False,
    }  # fmt: skip


def test_the_real_child_needs_no_django():
    code = "import sys, pages.cleaning.child; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_long_film_is_not_read_into_the_memory_of_who_asks(tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    upload = TemporaryUploadedFile("film.mp4", "video/mp4", 0, None)
    upload.write(film.mp4(frames=200_000_000))
    upload.size = upload.tell()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with cleaned(upload, "film.mp4") as kept:
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert kept.size == upload.size
        assert b"hemlig" not in kept.read(2000)
    assert grown < 20_000


def test_a_file_above_the_limit_is_refused_before_anybody_reads_it():
    with (
        patch.object(cleaned_files, "_MOST_MEGABYTES_OF_OTHERS", 0),
        pytest.raises(FileRefused, match="Filen togs inte emot: den är större än 0 MB"),
    ):
        cleaned(ContentFile(pdf_of(lines)), "plan.pdf")
