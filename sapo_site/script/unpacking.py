"""Begins `signera.pyz`: lays its library where Python can load it, and goes on to what makes keys and signs.

What is compiled cannot be loaded from inside a zip file. The folder is this user's alone, and is taken away.
"""

import atexit
import io
import platform
import shutil
import signal
import sys
import tempfile
import zipfile

PYTHONS = (11, 12, 13, 14)  # 3.11 and so on


def unpack_and_run(archive: str, words: "list[str]") -> int:
    """Does what the words ask for with what the archive holds."""
    of_this, is_of = sys.version_info[1], (sys.version_info[0], platform.machine())
    if of_this not in PYTHONS or is_of != (3, "x86_64"):
        return _refused("Det här behöver Python 3.11 till 3.14 på en vanlig dator (x86_64).")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        folder = tempfile.mkdtemp(prefix="signera-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _unpack(archive, folder, f"-cp3{of_this}-")
        sys.dont_write_bytecode = True
        sys.path.insert(0, folder)
        from tips.signing.signera import run_signera
    except (ImportError, OSError):
        return _refused(
            f"Det som följer med går inte att ladda i {tempfile.gettempdir()}: välj en mapp med TMPDIR=."
        )
    run_signera(words)
    return 0


def _unpack(archive: str, folder: str, tag: str) -> None:
    with zipfile.ZipFile(archive) as file:
        for name in file.namelist():
            library = name.startswith("wheels/cryptography-")
            if library or (name.startswith("wheels/cffi-") and tag in name):
                with zipfile.ZipFile(io.BytesIO(file.read(name))) as wheel:
                    inside = wheel.namelist()
                    backend = [each for each in inside if each.startswith("_cffi_backend")]
                    wheel.extractall(folder, inside if library else backend)


def _refused(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(unpack_and_run(sys.path[0], sys.argv[1:]))
