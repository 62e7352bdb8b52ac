"""`./sapo sbom`: what the site is built of, with versions and sums, for programs that know of flaws."""

import json
import os
import re
import subprocess
import uuid
from typing import Any

from .environment import ROOT, RUNTIME

_Part = dict[str, Any]

_PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
_SUM = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# What builds the handlers' program is locked beside it.
_LOCKS = (RUNTIME, os.path.join("tips", "opener", "requirements.txt"))
_PROGRAM = os.path.join("tips", "opener", "package-lock.json")
_CALLED = "node_modules/"


def bill_of_materials() -> str:
    """The locks of production as CycloneDX: the same octets wherever this commit is."""
    listed = parts()
    site: dict[str, object] = {"type": "application", "name": "sapo-site", "bom-ref": "sapo-site"}
    metadata: dict[str, object] = {"component": site}
    if commit := commit_here():
        site["version"], metadata["timestamp"] = commit
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": [listed[purl] for purl in sorted(listed)],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bill, sort_keys=True))
    return json.dumps({**bill, "serialNumber": number.urn}, indent=2) + "\n"


def commit_here() -> list[str] | None:
    """The commit and when it was made; none where only its files were brought."""
    words = [
        "git",
        "-C",
        ROOT,
        "log",
        "-1",
        "--format=%H %cd",
        "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
    ]
    try:
        said = subprocess.run(
            words, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.stdout.split()


def parts() -> dict[str, _Part]:
    """All that production is built of, by its address in the registries."""
    found = {}
    for lock in _LOCKS:
        with open(os.path.join(ROOT, lock), encoding="utf-8") as file:
            for part in _python_parts(file.read()):
                found[part["purl"]] = part
    with open(os.path.join(ROOT, _PROGRAM), encoding="utf-8") as file:
        for part in _program_parts(json.load(file)["packages"]):
            found[part["purl"]] = part
    return found


def _python_parts(lock: str) -> list[_Part]:
    found = []
    starts = list(_PINNED.finditer(lock))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        name, version = start.groups()
        sums = _SUM.findall(lock, start.end(), following.start() if following else len(lock))
        part = _part(name, version, f"pkg:pypi/{name.lower().replace('_', '-')}@{version}")
        # One for each file that the registry has of this version.
        part["properties"] = [{"name": "sapo:sha256", "value": each} for each in sums]
        found.append(part)
    return found


def _program_parts(packages: dict[str, Any]) -> list[_Part]:
    """What the handlers' program is built of, and the builder; not what only tests use."""
    found = []
    for path, package in packages.items():
        if not path or package.get("dev"):
            continue
        name = path.rpartition(_CALLED)[2]
        version = package["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        found.append(_part(name, version, purl))
    return found


def _part(name: str, version: str, purl: str) -> _Part:
    return {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}
