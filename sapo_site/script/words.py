"""What each word after `./sapo` does."""

import errno
import io
import os
import re
import socket
import subprocess
import sys

from . import watch_site
from .bill import bill_of_materials
from .checking import check
from .environment import (
    BROWSER,
    NEXT,
    ROOT,
    RUNTIME,
    SYSTEM,
    TESTS,
    TOOLS,
    ready_venv,
)
from .flaws import audit
from .incident import lay_aside
from .locking import resolve
from .releasing import release
from .signers_file import lay_signers_file
from .speech import replace_process, stop
from .verifying import verify_installed

# Words that take no arguments.
_ALONE = ("run", "dev", "check", "audit", "sbom")

# What a tier's tests need besides, asked for by its name or by a path.
MORE = {"browser": [BROWSER], "system": [BROWSER, SYSTEM], "long": [BROWSER, SYSTEM, TOOLS]}
# The programs that measure the site and its tests, and that fetch its texts.
MEASURING = {
    "bench": ("tools.bench", [BROWSER]),
    "mutants": ("tools.mutants", [TOOLS]),
    "messages": ("tests.messages", []),
}

HELP = """\
./sapo run               sätter upp allt som behövs och visar webbplatsen
./sapo dev               visar den med felsökning och omladdning, på samma data
./sapo test [ARGUMENT]   kör testerna; argumenten går till pytest
./sapo test --changed    kör dem som det du har ändrat når
./sapo test --browser    kör det som bara syns i en webbläsare
./sapo test --system     kör det som startar program, och det som frågar PostgreSQL
./sapo test --long       kör alla, med alla rader och omgångar, och de två nedan
./sapo test --next       kör dem på nästa Wagtail och Django (kräver Python 3.12)
./sapo test --machine    gör en tom Debian till webbplatsen, bränner och återställer den
./sapo mutants MODUL     visar vad testerna inte märker i en modul
./sapo check             kör alla kontroller av koden
./sapo bench             mäter hur snabb webbplatsen är
./sapo lock [ARGUMENT]   löser upp pyproject.toml till låsfilerna på nytt;
                         argumenten går till uv, till exempel --upgrade
./sapo audit             frågar OSV om kända sårbarheter i det, som ./sapo check
./sapo sbom              skriver ut vad webbplatsen är byggd av (CycloneDX)
./sapo release --signers FIL
                         bygger två gånger och skriver det som två undertecknare skriver under
./sapo signera [FIL]     lägger det som undertecknarna bär med sig i en fil, signera.pyz
./sapo verify            nämner varje fil som inte är som den signerades
./sapo incident MAPP     lägger undan bevisen efter en händelse, och säger vem som ska veta när
./sapo watch_site URL    jämför webbplatsen utifrån med den signerade releasen
./sapo messages          hämtar nya texter ur koden till den svenska katalogen
./sapo KOMMANDO …        går vidare till manage.py, till exempel
                         ./sapo import_pages FIL --parent /verksamheten/

PORT=8001                väljer port (annars 8000)
SAPO_VAR=MAPP            väljer var data ligger (annars var/)
SAPO_PYTHON=PROGRAM      väljer Python
"""


def do(words: list[str]) -> None:
    """Does what the words ask for; the exit code is that of the program it ends in."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Relative to the user's folder, even for a program that runs in another.
    os.environ["SAPO_VAR"] = os.path.abspath(
        os.environ.get("SAPO_VAR") or os.path.join(ROOT, "var")
    )
    try:
        _do(*words or ["help"])
    except KeyboardInterrupt:
        print()
        sys.exit(130)


def _do(word: str, *given: str) -> None:
    arguments = list(given)
    if arguments and word in _ALONE:
        port = f" Porten väljs med PORT=8001 ./sapo {word}" if word in ("run", "dev") else ""
        stop(f"./sapo {word} tar inga argument.{port}")
    match word:
        case "help" | "--help" | "-h":
            print(HELP, end="")
        case "run":
            run()
        case "dev":
            dev()
        case "test":
            test(arguments)
        case "check":
            check()
        case "bench" | "messages" | "mutants":
            data_folder()
            package, more = MEASURING[word]
            python = ready_venv([RUNTIME, TESTS, *more])
            os.chdir(ROOT)
            replace_process([python, "-m", package, *arguments])
        case _ if word.startswith("-"):
            stop(f"./sapo känner inte till {word}. Kör ./sapo för att se vad som finns.")
        case _:
            _release_or_manage(word, arguments)


def _release_or_manage(word: str, arguments: list[str]) -> None:
    match word:
        case "audit":
            sys.exit(bool(audit()))
        case "sbom":
            print(bill_of_materials(), end="")
        case "release":
            release(arguments)
        case "signera":
            lay_signers_file(arguments, ready_venv([RUNTIME], with_opener=False))
        case "incident":
            lay_aside(arguments)
        case "verify":
            verify_installed(arguments)
        case "watch_site":
            sys.exit(watch_site.watch_once(arguments))
        case "lock":
            resolve(arguments)
        case _:
            manage([word, *arguments], settings="demo")


def run() -> None:
    """Prepares the data and serves the site as visitors will meet it."""
    port = free_port()
    os.environ["PYTHONUNBUFFERED"] = "1"  # long steps are seen also through a pipe
    manage(["serve", "--port", str(port)], settings="demo")


def dev() -> None:
    """Prepares the data and serves the site with DEBUG and reloading."""
    address = f"127.0.0.1:{free_port()}"
    os.environ["PYTHONUNBUFFERED"] = "1"
    data_folder()
    python = ready_venv([RUNTIME, TESTS])
    os.environ["DJANGO_SETTINGS_MODULE"] = "sapo_site.settings.development"
    manage_py = [python, os.path.join(ROOT, "manage.py")]
    prepared = subprocess.call([*manage_py, "prepare", "--without-static", "--address", address])
    if prepared != 0:
        sys.exit(prepared)
    # In a session of its own, so that Ctrl-C reaches the server alone.
    subprocess.Popen(
        [*manage_py, "make_renditions"], stdout=subprocess.DEVNULL, start_new_session=True
    )
    replace_process([*manage_py, "runserver", address])


def test(arguments: list[str]) -> None:
    """Runs the tests on the locked versions, or on the next ones."""
    if "--next" in arguments:
        python = ready_venv([NEXT], folder=".venv-next")
    else:
        python = ready_venv([RUNTIME, TESTS, *more_for(arguments)])
    os.environ["DJANGO_SETTINGS_MODULE"] = "sapo_site.settings.test"
    os.chdir(ROOT)
    replace_process([python, "-m", "tests", *arguments])


def more_for(arguments: list[str]) -> list[str]:
    """The locks of what the tests that are asked for need beside the others."""
    locks = [
        lock
        for tier, more in MORE.items()
        for lock in more
        if any(word == f"--{tier}" or f"tests/{tier}" in word for word in arguments)
    ]
    return list(dict.fromkeys(locks))


def manage(words: list[str], settings: str) -> None:
    """Ends in manage.py, on the data of `./sapo run`, in the folder where the user stands."""
    data_folder()
    python = ready_venv([RUNTIME])
    os.environ["DJANGO_SETTINGS_MODULE"] = f"sapo_site.settings.{settings}"
    replace_process([python, os.path.join(ROOT, "manage.py"), *words])


def data_folder() -> None:
    """Makes the folder for everything the site writes."""
    folder = os.environ["SAPO_VAR"]
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        stop(f"Det går inte att skapa datamappen {folder}: {error.strerror}")
    if not os.access(folder, os.W_OK | os.X_OK):
        stop(f"Det går inte att skriva i datamappen {folder}")


def free_port() -> int:
    """The port to serve on; stops at once when it cannot be had."""
    given = os.environ.get("PORT") or "8000"
    if not re.match(r"[0-9]{1,5}$", given) or not 1 <= int(given) <= 65535:
        stop(f"PORT={given} är ingen port: den ska vara ett tal mellan 1 och 65535.")
    port = int(given)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                stop(f"Port {port} är upptagen. Välj en annan: PORT={port + 1} ./sapo run")
            stop(f"Port {port} går inte att använda: {error.strerror}")
    return port
