"""What a test needs of the machine and does not find: it is passed over, or fails where all must be there."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

import pytest

# What Debian calls the package of a program, where that is another name.
_PACKAGES = {"mount": "util-linux", "setpriv": "util-linux", "useradd": "passwd"}
_NAMED = re.compile(r"Kräver Debians paket ([^.]+)\.")
_ROOT = "Kräver att testerna körs som root."


def need(*programs: str, root: bool = False) -> str:
    """The path of the first program; passes the test over unless all are there, and root's rights if asked.

    With CI in the environment it fails instead.
    """
    found = [shutil.which(each) or lacking(_PACKAGES.get(each, each)) for each in programs]
    if root and os.geteuid() != 0:
        pass_over(_ROOT)
    return found[0] if found else ""


def lacking(package: str) -> NoReturn:
    pass_over(f"Kräver Debians paket {package}.")


def pass_over(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def passed_over(reasons: Iterable[str]) -> list[str]:
    """The lines at the end of a run: what was missing, how many tests that cost, and how to get it."""
    packages, others = Counter[str](), Counter[str]()
    for reason in reasons:
        if found := _NAMED.search(reason):
            packages.update([found[1]])
        else:
            others.update([reason.removeprefix("Skipped: ")])
    lines = [f"Överhoppade: {count} test. {reason}" for reason, count in others.most_common()]
    if packages:
        named = ", ".join(f"{package} ({count})" for package, count in packages.most_common())
        install = f"apt-get install {' '.join(sorted(packages))}"
        lines.append(f"Överhoppade tester i brist på {named}. Installera: {install}")
    return lines
