"""Whatever a file does to the process that works on it, the one that was asked goes on."""

import ctypes
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

from pages.importing import reading_apart
from pages.importing.documents import RefusedError
from pages.importing.reading_apart import article_in_file
from pages.library import drawn_filters, upload, virus_scanner
from pages.library.apart import parent, started
from pages.library.cleaning import cleaned_files
from pages.library.cleaning.cleaned_files import FileRefused, cleaned
from pages.library.pixels import UnreadableImageError
from pages.library.upload import without_metadata
from tests.factories import film_files as film
from tests.factories.pages import picture_file
from tests.factories.pdf_files import lines, pdf_of
from tests.pace import until
from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[3]
UNREADABLE = "Filen togs inte emot: den går inte att läsa som txt."
TOO_MUCH = "Filen nyhet.html går inte att läsa: den tar för mycket tid eller minne."
BOUNDS = parent.Bounds(megabytes=400, seconds=2, most_written=64_000_000)

# What is done in the child in the place of cleaning.
HARM = {
    "memory": "x = [bytes(50_000_000) for _ in range(100)]",
    "endless": "while True: pass",
    "sleeps": "import time\nwhile True: time.sleep(600)",
    "dies": "import os; os.abort()",
    "nonsense": "import os; os.write(0, b'nej\\n'); os._exit(0)",
    "half an answer": 'import os; os.write(0, b\'{"answer": {"unread\'); os._exit(0)',
    "another answer": "import os; os.write(0, b'{\"answer\": [[1]]}\\n'); os._exit(0)",
    "an empty answer": "import os; os.write(0, b'{\"answer\": {}}\\n'); os._exit(0)",
    "an answer of another shape": "return {'removed': ['hemligt'], 'hidden': 7, 'header': {'width': 'x'}, 'read': {'kind': 'x'}}",
    "no list of what was seen": "return {'removed': [], 'seen': 1e999, 'header': [], 'read': []}",
    "half a file": 'import os; os.write(0, b\'{"file": "target.txt", "size": 9}\\nhej\'); os._exit(0)',
    "too large a file": 'import os; os.write(0, b\'{"file": "target.txt", "size": %d}\\n\' % 10**12); os._exit(0)',
    "less than nothing": 'import os; os.write(0, b\'{"file": "target.txt", "size": -1}\\n\'); os._exit(0)',
    "a file elsewhere": 'import os; os.write(0, b\'{"file": "../nyhet.html", "size": 3}\\nhej\'); os._exit(0)',
    "many words": "import os\nwhile True: os.write(0, b'x' * 1_000_000)",
    "floods": "open('x', 'wb').write(bytes(500_000_000))",
    "deep": "d = lambda n: d(n + 1)\nd(0)",
    "leaves": "import os, time\nif os.fork() == 0: time.sleep(600)\nraise SystemExit(1)",
}


def _program(deed: str, folder: Path) -> None:
    """The program, with rooms that harm, whichever is asked."""
    apart = folder / "pages" / "library" / "apart"
    apart.mkdir(parents=True)
    for package in (apart, apart.parent, apart.parent.parent):
        (package / "__init__.py").write_text("")
    for name in ("child", "line"):
        shutil.copy(ROOT / "pages" / "library" / "apart" / f"{name}.py", apart)
    body = "\n".join(f"    {line}" for line in deed.splitlines())
    for work in (cleaned_files._WORK, upload._WORK, f"{reading_apart._JOB}:read_and_tell"):
        module, _colon, function = work.partition(":")
        path = folder / f"{module.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").write_text("")
        path.write_text(f"def {function}(**given):\n{body}\n")


def _clean(folder):
    with pytest.raises(FileRefused) as refused:
        cleaned(ContentFile(b"hej"), "hej.txt")
    assert refused.value.messages[0].startswith(UNREADABLE)


def _draw(folder):
    with pytest.raises(UnreadableImageError):
        without_metadata(picture_file(), "kust.jpg")


def _import(folder):
    with pytest.raises(RefusedError, match=TOO_MUCH):
        article_in_file(folder / "nyhet.html")


@pytest.mark.parametrize("name", HARM)
@pytest.mark.parametrize("ask", [_clean, _draw, _import], ids=lambda ask: ask.__name__)
def test_a_file_that_harms_the_child_is_refused_and_nothing_is_left(name, ask, tmp_path, settings):
    _program(HARM[name], tmp_path / "program")
    (tmp_path / "nyhet.html").write_text("<h1>Nyhet</h1>")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with (
        patch.object(started, "_ROOT", tmp_path / "program"),
        patch.object(cleaned_files, "Bounds", lambda **_given: BOUNDS),
        patch.object(upload, "_BOUNDS", BOUNDS),
        patch.object(reading_apart, "_BOUNDS", BOUNDS),
    ):
        ask(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nyhet.html", "program"]
    assert _children_at_work_in(tmp_path) == []


def test_a_child_that_never_stops_telling_is_not_heard_to_the_end(tmp_path):
    deed = (
        "import os\n"
        'for n in range(10_000): os.write(0, b\'{"file": "a%d", "size": 0}\\n\' % n)\n'
        "open(given['target'], 'wb').write(b'hej')\n"
        "return {'removed': [], 'seen': {}}"
    )
    for times, is_taken in (("10_000", False), ("1_000", True)):
        program = tmp_path / times
        _program(deed.replace("10_000", times), program)
        with patch.object(started, "_ROOT", program):
            if is_taken:
                cleaned(ContentFile(b"hej"), "hej.txt").close()
            else:
                _clean(tmp_path)


def _children_at_work_in(folder: Path) -> list[str]:
    found = subprocess.run(["/bin/ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines()
            if "pages.library.apart.child" in line and str(folder) in line]  # fmt: skip


def test_the_child_has_no_secrets_of_its_parent_and_bounds_from_the_start(tmp_path):
    deed = (
        "import os, resource, sys\n"
        "seen = {'environment': sorted(os.environ), 'files': len(os.listdir('/proc/self/fd')),\n"
        "    'memory': resource.getrlimit(resource.RLIMIT_AS)[1],\n"
        "    'seconds': resource.getrlimit(resource.RLIMIT_CPU)[1],\n"
        "    'processes': resource.getrlimit(resource.RLIMIT_NPROC)[1],\n"
        "    'group': os.getpgid(0) == os.getpid(), 'django': 'django' in sys.modules}\n"
        "return {'seen': seen}"
    )
    _program(deed, tmp_path)
    with (
        patch.object(started, "_ROOT", tmp_path),
        patch.dict(os.environ, {"SAPO_SECRET_KEY": "hemlig"}),
    ):
        seen = parent.ask_child(cleaned_files._WORK, {}, tmp_path, parent.Bounds())["seen"]
    assert set(seen.pop("environment")) <= {"LC_CTYPE", "TMPDIR"}
    assert seen.pop("files") <= 6
    assert seen == {
        "memory": 1024 * 1024 * 1024, "seconds": 45, "processes": 0, "group": True, "django": False,
    }  # fmt: skip


@every_row(
    ("job", "does_without"),
    [
        ("pages.library.cleaning.cleaning_job", "django"),
        ("pages.library.drawing_job", "django"),
        ("pages.importing.reading_job", "pages.content.models"),
    ],
)
def test_the_real_child_needs_no_models(job, does_without):
    code = f"import sys, {job}; sys.exit('{does_without}' in sys.modules)"
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


# One after the other

BUSY = "Filen togs inte emot: många filer laddas upp just nu. Försök igen om en stund."


def _sentences_of(number: int) -> list[str]:
    """What so many hear who upload a file at once."""
    said = []

    def clean() -> None:
        try:
            cleaned(ContentFile(b"hej"), "hej.txt").close()
        except parent.NoTurnError as error:
            said.extend(error.messages)

    threads = [threading.Thread(target=clean) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_who_has_waited_too_long_for_a_turn_is_told_to_try_again(tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with patch.object(parent, "TURN_SECONDS", 0.2), parent._in_turn():
        assert _sentences_of(1) == [BUSY]
    assert list(tmp_path.iterdir()) == []
    assert _sentences_of(1) == [], "and the next has a turn"


def test_half_of_the_threads_are_left_to_others_however_many_upload():
    waiting, said, is_over = parent.UPLOADS_WAITING, [], threading.Event()
    turn = SimpleNamespace(acquire=lambda timeout: not is_over.wait(60))
    with parent._in_turn(), patch.object(parent, "_turn", turn):
        waits = [threading.Thread(target=lambda: said.extend(_sentences_of(1)))
                 for _ in range(waiting)]  # fmt: skip
        for each in waits:
            each.start()
        until(lambda: parent._room._value == 0)
        assert _sentences_of(4) == [BUSY] * 4, "nobody waits in vain"
        assert said == []
        is_over.set()
        for each in waits:
            each.join()
    assert said == [BUSY] * waiting
    threads = re.search(r"^threads = (\d+)$", (ROOT / "deploy/gunicorn.conf.py").read_text(), re.M)
    assert 1 + waiting <= int(threads[1]) / 2


def test_nginx_waits_longer_than_all_that_may_be_done_with_an_upload():
    """A picture in a chooser: scanned, drawn, its sizes drawn, and once more as it is shown there."""
    conf = (ROOT / "deploy/nginx.conf").read_text()
    [editorial] = [each for each in conf.split("\nserver {") if "server_name redaktion" in each]
    [outer] = re.findall(r"^    proxy_read_timeout (\d+)s;", editorial, re.M)
    sizes = drawn_filters._BOUNDS.seconds
    drawn = max(parent.Bounds().seconds, upload._BOUNDS.seconds)
    inner = virus_scanner._SECONDS + drawn + 2 * sizes + 3 * parent.TURN_SECONDS
    assert inner + 30 <= int(outer), "with room for copies and the database"


# What the child may see of its parent

_READS_ITS_PARENT = (
    "import os\n"
    "try:\n"
    "    said = open(f'/proc/{os.getppid()}/environ', 'rb').read().decode('latin-1')\n"
    "except OSError as error:\n"
    "    said = type(error).__name__\n"
    "return {'said': said}"
)
_PARENT = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from django.conf import settings
settings.configure(READER_SOCKET="")
from pages.library.apart import parent, started
{hides}
started._ROOT = Path(sys.argv[1], "program")
told = parent.ask_child(sys.argv[3], {{}}, Path(sys.argv[1]), parent.Bounds(seconds=20))
print(json.dumps(told))
"""


def _without_rights_of_root() -> None:
    """Leaves root no more than every user has over their own processes (PR_CAPBSET_DROP of each)."""
    for right in range(64):
        ctypes.CDLL(None).prctl(24, right, 0, 0, 0)


def _seen_by_the_child_of(hides: str, folder: Path) -> str:
    """What the child reads of its parent's environment, where neither may do what root may."""
    _program(_READS_ITS_PARENT, folder / "program")
    ran = subprocess.run(
        [sys.executable, "-c", _PARENT.format(hides=hides), folder, ROOT, cleaned_files._WORK],
        env={"SAPO_SECRET_KEY": "hemlig", "PATH": "/usr/bin:/bin"}, preexec_fn=_without_rights_of_root,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)["said"]


def test_the_child_cannot_read_the_environment_of_a_service_or_a_command(tmp_path):
    hides = "from sapo_site.running import crash_dumps; crash_dumps.turn_off()"
    assert _seen_by_the_child_of(hides, tmp_path) == "PermissionError"
    for starts in ("manage.py", "sapo_site/wsgi.py"):
        assert "crash_dumps.turn_off()" in (ROOT / starts).read_text()


def test_without_that_it_could(tmp_path):
    assert "SAPO_SECRET_KEY=hemlig" in _seen_by_the_child_of("", tmp_path)
