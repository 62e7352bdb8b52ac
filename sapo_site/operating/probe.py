"""Asks from another machine whether the site works as visitors meet it. Runs by itself, each minute.

    python3 probe.py https://www.example.se STATE

What was wrong twice in a row is said once when that is seen, and once when it is over: cron mails what is said.
Ends with 1 in the run that says that something has begun, so that `|| COMMAND` can wake somebody.
"""

import http.client
import json
import os
import ssl
import sys
import time
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path
from urllib.parse import urlsplit

_PATIENCE_SECONDS = 20
_CERTIFICATE_DAYS = 7
_CLOCKS_APART_SECONDS = 30
_PAGES = {
    "startsidan": "/",
    "sökningen": "/sok/?q=kontakt",
    "tipsformuläret": "/tipsa/formular/lage.json",
}


def faults_of(address: str) -> dict[str, str]:
    """What is wrong with a site, in words, by what it is that is wrong."""
    host = urlsplit(address).netloc
    found: dict[str, str] = {}
    for name, path in _PAGES.items():
        try:
            found |= _asked(host, path, name)
        except (OSError, http.client.HTTPException) as fault:
            found[name] = f"svarar inte ({fault or type(fault).__name__})"
    return found


def _asked(host: str, path: str, name: str) -> dict[str, str]:
    trusted = ssl.create_default_context()
    connection = http.client.HTTPSConnection(host, timeout=_PATIENCE_SECONDS, context=trusted)
    try:
        connection.connect()
        ends = dict(connection.sock.getpeercert() or {})["notAfter"]
        connection.request("GET", path, headers={"User-Agent": "sapo-probe"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    found = {}
    if answer.status != http.client.OK:
        found[name] = f"svarar {answer.status}"
    if (days := (ssl.cert_time_to_seconds(str(ends)) - time.time()) / 86400) < _CERTIFICATE_DAYS:
        found["certifikatet"] = f"går ut om {max(days, 0):.0f} dygn"
    there = parsedate_tz(answer.headers.get("Date", ""))
    if there and abs(mktime_tz(there) - time.time()) > _CLOCKS_APART_SECONDS:
        found["klockan"] = "går inte lika där och här"
    return found


def changes_since(state: Path, found: dict[str, str]) -> tuple[list[str], list[str]]:
    """What has begun and what is over since the last time, as sentences."""
    try:
        before = dict(json.loads(state.read_text()))
    except (FileNotFoundError, ValueError, TypeError):  # the first time, or not what was written
        before = {}
    seen = {name: before.get(name, 0) + 1 for name in found}
    begun = [f"FEL: {name} {found[name]}." for name, times in seen.items() if times == 2]
    over = [f"Över: {name}." for name in before if before[name] > 1 and name not in found]
    whole = state.with_suffix(".new")
    whole.write_text(json.dumps(seen))
    os.replace(whole, state)
    return begun, over


def probe_site(words: list[str]) -> None:
    if len(words) != 2 or urlsplit(words[0]).scheme != "https" or not urlsplit(words[0]).netloc:
        sys.exit("Ange webbplatsens adress och en fil: https://www.example.se /var/lib/probe/www")
    address, state = words[0], Path(words[1])
    try:
        begun, over = changes_since(state, faults_of(address))
    except OSError as fault:
        sys.exit(f"{state} går inte att skriva: {fault.strerror}")
    sys.stdout.writelines(f"{address}: {each}\n" for each in begun + over)
    sys.exit(bool(begun))


if __name__ == "__main__":
    probe_site(sys.argv[1:])
