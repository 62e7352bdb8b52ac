"""`./sapo audit`: asks OSV which flaws are known in all that the site is built of; `./sapo check` does so too."""

import json
import os
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .bill import parts
from .environment import ROOT

SOURCE = "https://api.osv.dev"
FLAWED, UNASKED = 1, 3
_SECONDS = 10


def audit() -> int:
    """Prints a line for each flaw; where OSV cannot be asked it says so, and ends in another way than well."""
    source = os.environ.get("SAPO_OSV") or SOURCE
    try:
        known = _asked(source, list(parts()))
        flaws = [
            _line(purl, _fetched(f"{source}/v1/vulns/{quote(number)}")) for purl, number in known
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "reason", None) or error
        print(f"{source} går inte att fråga ({reason}). Kör ./sapo audit där det finns nät.")
        return UNASKED
    for line in filter(None, flaws):
        print(line)
    return FLAWED if any(flaws) else 0


def _asked(source: str, purls: list[str]) -> list[tuple[str, str]]:
    """What is known of which, but for what has been looked at and does not concern us."""
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text(encoding="utf-8"))
    set_aside = project["tool"]["sapo"]["set-aside-flaws"]
    known = []
    queries: list[dict[str, Any]] = [{"package": {"purl": purl}} for purl in purls]
    while queries:
        results = _fetched(f"{source}/v1/querybatch", {"queries": queries})["results"]
        following = []
        for query, result in zip(queries, results, strict=True):
            numbers = {each["id"] for each in result.get("vulns", [])} - set_aside.keys()
            known += [(query["package"]["purl"], number) for number in sorted(numbers)]
            if token := result.get("next_page_token"):
                following.append({**query, "page_token": token})
        queries = following
    return known


def _line(purl: str, record: dict[str, Any]) -> str:
    """What it is, and in which version it is mended; nothing if it has been withdrawn."""
    if "withdrawn" in record:
        return ""
    spans = [span for each in record.get("affected", []) for span in each.get("ranges", [])]
    events = [event for span in spans if span["type"] != "GIT" for event in span["events"]]
    fixed = sorted({event["fixed"] for event in events if "fixed" in event})
    about = (record.get("summary") or record.get("details", "")).strip().split("\n")[0][:200]
    names = " ".join([record["id"], *sorted(record.get("aliases", []))])
    return f"{purl}: {names}: {about} Rättad i: {', '.join(fixed) or 'står inte i svaret'}."


def _fetched(address: str, asked: object = None) -> Any:
    request = urllib.request.Request(  # noqa: S310
        address,
        data=None if asked is None else json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(audit())
