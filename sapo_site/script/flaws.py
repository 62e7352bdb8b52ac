"""`./sapo audit`: asks OSV about all that the site is built of; what it said is read by `./sapo check`."""

import json
import os
import sys
import urllib.error
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from .bill import parts
from .environment import ROOT
from .speech import stop

SOURCE = "https://api.osv.dev"
# What `./sapo check` says the word "old" of.
OLD = 7
FLAWED, WARNED = 1, 3
_SNAPSHOT = Path("sapo_site", "script", "known_flaws.json")
_SECONDS = 30


def audit() -> None:
    """Writes anew what is known; where OSV cannot be asked, what was known stays."""
    source = os.environ.get("SAPO_OSV") or SOURCE
    try:
        known = _ask(source, {purl: part["name"] for purl, part in sorted(parts().items())})
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "reason", None) or error
        stop(f"{source} går inte att fråga ({reason}). Det som hämtades förut står kvar.")
    said = {
        "asked": datetime.now(UTC).date().isoformat(),
        "source": source,
        "set_aside": _snapshot()["set_aside"],
        "parts": known,
    }
    Path(ROOT, _SNAPSHOT).write_text(
        json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    _say(*judge())


def _ask(source: str, named: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What is known of each, in two steps as OSV has it: which flaws, and then what each of them is."""
    known: dict[str, list[str]] = {purl: [] for purl in named}
    queries: list[dict[str, Any]] = [{"package": {"purl": purl}} for purl in named]
    while queries:
        results = _fetched(f"{source}/v1/querybatch", {"queries": queries})["results"]
        following = []
        for query, result in zip(queries, results, strict=True):
            known[query["package"]["purl"]] += [each["id"] for each in result.get("vulns", [])]
            if token := result.get("next_page_token"):
                following.append({**query, "page_token": token})
        queries = following
    records = {
        number: _fetched(f"{source}/v1/vulns/{quote(number, safe='')}")
        for number in {each for numbers in known.values() for each in numbers}
    }
    return {
        purl: [
            _flaw(records[number], named[purl])
            for number in sorted(numbers)
            if "withdrawn" not in records[number]
        ]
        for purl, numbers in known.items()
    }


def _fetched(address: str, asked: object = None) -> Any:
    request = urllib.request.Request(  # noqa: S310
        address,
        data=None if asked is None else json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        return json.load(answer)


def _flaw(record: dict[str, Any], name: str) -> dict[str, Any]:
    affected = [
        each
        for each in record.get("affected", [])
        if each.get("package", {}).get("name", "").lower().replace("_", "-") == name
    ]
    fixed = {
        event["fixed"]
        for each in affected
        for span in each.get("ranges", [])
        if span["type"] != "GIT"
        for event in span["events"]
        if "fixed" in event
    }
    return {
        "id": record["id"],
        "aliases": sorted(record.get("aliases", [])),
        "about": (record.get("summary") or record.get("details", "")).strip().split("\n")[0][:200],
        "fixed": sorted(fixed),
    }


def _snapshot() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(Path(ROOT, _SNAPSHOT).read_text(encoding="utf-8"))
    return said


def age() -> str:
    """How old the snapshot is, as it stands in the list of checks."""
    days = _days(_snapshot()["asked"])
    if days is None:
        return "aldrig hämtade"
    return "hämtade i dag" if days <= 0 else f"hämtade för {days} dag{'ar' * (days > 1)} sedan"


def _days(asked: str | None) -> int | None:
    return None if asked is None else (datetime.now(UTC).date() - date.fromisoformat(asked)).days


def judge() -> tuple[list[str], list[str]]:
    """What is wrong with what is locked now, and what makes the answer uncertain."""
    said, locked = _snapshot(), parts()
    flaws = [
        f"{part['name']} {part['version']}: {' '.join([flaw['id'], *flaw['aliases']])}: "
        f"{flaw['about']} Rättad i: {', '.join(flaw['fixed']) or 'står inte i svaret'}."
        for purl, part in sorted(locked.items())
        for flaw in said["parts"].get(purl, [])
        if flaw["id"] not in said["set_aside"]
    ]
    days = _days(said["asked"])
    if days is None:
        return flaws, [
            "Ingen har frågat efter kända sårbarheter. Kör ./sapo audit där det finns nät."
        ]
    doubts = [f"Svaren är {days} dagar gamla. Kör ./sapo audit."] if days > OLD else []
    if unasked := sorted(locked.keys() - said["parts"].keys()):
        doubts.append(f"Ingen har frågat om {', '.join(unasked)}. Kör ./sapo audit.")
    return flaws, doubts


def _say(flaws: list[str], doubts: list[str]) -> NoReturn:
    for line in [*flaws, *doubts]:
        print(line)
    sys.exit(FLAWED if flaws else WARNED if doubts else 0)


if __name__ == "__main__":
    _say(*judge())
