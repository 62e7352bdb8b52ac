"""Reads a calendar file, and says what is wrong with it by the rules of RFC 5545."""

import re

# Property -> how often it stands in an event (section 3.6.1).
_ONCE = {"UID", "DTSTAMP", "DTSTART", "SUMMARY"}
_AT_MOST_ONCE = {"DTEND", "LOCATION", "DESCRIPTION", "URL", "LAST-MODIFIED"}
_UTC = re.compile(r"\d{8}T\d{6}Z")
_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[;,]|(?<!\\)(?:\\\\)*\\(?![\\;,nN])")
_TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION"}


def read_calendar(content: bytes) -> tuple[dict[str, str], list[str]]:
    """The properties of its one event, unescaped, and each fault."""
    faults = []
    text = content.decode()
    if not text.endswith("\r\n") or re.search(r"(?<!\r)\n|\r(?!\n)", text):
        faults.append("lines must end in CR LF")
    if any(len(line.encode()) > 75 for line in text.split("\r\n")):
        faults.append("a line is longer than 75 octets")
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    frame = [*lines[:2], lines[3], lines[-2], lines[-1]]
    if frame != [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ] or not lines[2].startswith("PRODID:"):  # fmt: skip
        faults.append(f"the frame is {frame}")
    pairs = [line.partition(":")[::2] for line in lines[4:-2]]
    names = [name for name, _value in pairs]
    faults += [
        f"{name} stands {names.count(name)} times" for name in _ONCE if names.count(name) != 1
    ]
    faults += [f"{name} twice" for name in _AT_MOST_ONCE if names.count(name) > 1]
    faults += [f"{name} does not belong there" for name in {*names} - _ONCE - _AT_MOST_ONCE]
    for name, value in pairs:
        if (name.startswith("DT") or name == "LAST-MODIFIED") and not _UTC.fullmatch(value):
            faults.append(f"{name}: {value} is no moment")
        if name in _TEXTS and _UNESCAPED.search(value):
            faults.append(f"{name}: {value} is not escaped")
    return {name: _plain(value) if name in _TEXTS else value for name, value in pairs}, faults


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
