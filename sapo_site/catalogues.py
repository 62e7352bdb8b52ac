"""Fills the catalogues of interface texts from the source, compiles and checks them.

Nothing here needs the system's gettext. `python -m sapo_site.catalogues` compiles; finding
texts in the source needs Babel, which only the tools' lock has.
"""

import io
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

SWEDISH = Path("sapo_site", "locale", "sv", "LC_MESSAGES", "django.po")

# Django's translating functions and the positions of their texts: (1, "c") is a context, and two
# numbers are singular and plural.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-z]|%[sdrf]|\{\w*\}")

Key = tuple[str | None, str]


@dataclass
class Text:
    """One text of the source, and the files with it."""

    text: str
    context: str | None = None
    plural: str | None = None
    files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.context, self.text


class UnreadableCatalogue(Exception):
    """A .po file that cannot be read; the message says where."""


def catalogue_files(project: Path) -> list[Path]:
    """Every .po file of the project: our own texts, and our translations of packages' texts."""
    return sorted(project.glob("*/locale*/*/LC_MESSAGES/*.po"))


def compile_catalogues(project: Path) -> list[Path]:
    """Compiles every catalogue that is new or changed, each whole or not at all."""
    compiled = []
    for source in catalogue_files(project):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        part = target.with_suffix(f".mo.{os.getpid()}")
        part.write_bytes(read_catalogue(source).to_binary())
        part.replace(target)
        compiled.append(source)
    return compiled


def read_catalogue(path: Path) -> polib.POFile:
    """The catalogue of a .po file."""
    try:
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=100)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableCatalogue(str(error)) from error


# From the source


def source_texts(project: Path) -> dict[Key, Text]:
    """Every marked text in our packages and templates."""
    texts: dict[Key, Text] = {}
    for path, source in _sources(project):
        name = path.relative_to(project).as_posix()
        for found in texts_in(source, name):
            text = texts.setdefault(found.key, found)
            text.plural = text.plural or found.plural
            text.files |= found.files
            text.notes += [note for note in found.notes if note not in text.notes]
    return texts


def _sources(project: Path) -> Iterator[tuple[Path, str]]:
    packages = sorted(path.parent for path in project.glob("*/__init__.py"))
    folders = [package for package in packages if package.name != "tests"]
    for folder in [*folders, project / "templates"]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".xml"} and "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")


def texts_in(source: str, name: str) -> Iterator[Text]:
    """The marked texts of one Python file or template."""
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    if not name.endswith(".py"):
        # `templatize` turns a template into calls for xgettext. Python's tokenizer can read them
        # inside parentheses, where indentation means nothing.
        source = f"({templatize(source, origin=name)}\n)"
    found = extract(
        "python",
        io.BytesIO(source.encode()),
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        options={"encoding": "utf-8"},
        strip_comment_tags=True,
    )
    for _line, messages, comments, context in found:
        singular, *plural = messages if isinstance(messages, tuple) else (messages,)
        yield Text(singular, context, plural[0] if plural else None, {name}, list(comments))


def update_catalogue(path: Path, texts: Iterable[Text]) -> tuple[int, int]:
    """Updates the catalogue from the source, keeps translations; returns texts added and removed."""
    before = read_catalogue(path) if path.exists() else polib.POFile(wrapwidth=100)
    known = {_key(entry): entry for entry in before if not entry.obsolete}
    after = polib.POFile(wrapwidth=100)
    after.header = before.header
    after.metadata = before.metadata or {
        "Language": "sv",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    entries = [_entry(text, known.get(text.key)) for text in texts]
    after.extend(sorted(entries, key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{after}\n", encoding="utf-8")
    kept = {_key(entry) for entry in entries}
    return len(kept - known.keys()), len(known.keys() - kept)


def _entry(text: Text, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=text.text,
        msgctxt=text.context,
        comment="\n".join(text.notes),
        occurrences=[(name, "") for name in sorted(text.files)],
        flags=["python-format"] if re.search(r"%\(\w+\)", text.text) else [],
    )
    if known is not None:
        entry.tcomment = known.tcomment
        if "fuzzy" in known.flags:
            entry.flags.append("fuzzy")
    if text.plural is None:
        entry.msgstr = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    else:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = (known.msgstr_plural if known else None) or {
            0: known.msgstr if known else "",
            1: "",
        }
    return entry


def package_texts(folders: Iterable[Path], domain: str) -> set[Key]:
    """The texts of installed packages, from the English catalogues that they contain."""
    texts: set[Key] = set()
    for folder in folders:
        source = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if source.exists():
            texts.update(_key(entry) for entry in read_catalogue(source))
    return texts


# Checks


def problems(
    catalogue: Iterable[polib.POEntry], wanted: dict[Key, Text], known: Collection[Key]
) -> list[str]:
    """The faults of a catalogue, one line each; empty if it has none.

    It must have every wanted text, and only texts that are wanted or known.
    """
    found = []
    seen: set[Key] = set()
    for entry in catalogue:
        key = _key(entry)
        if key in seen:
            found.append(f"står två gånger: {_shown(entry.msgid)}")
        seen.add(key)
        if entry.obsolete or (key not in wanted and key not in known):
            found.append(f"används inte längre: {_shown(entry.msgid)}")
        else:
            found += entry_problems(entry)
    for key, text in wanted.items():
        if key not in seen:
            found.append(f"saknas: {_shown(text.text)} ({', '.join(sorted(text.files))})")
    return sorted(found)


def entry_problems(entry: polib.POEntry) -> list[str]:
    """The faults of one translation."""
    if "fuzzy" in entry.flags:
        return [f"osäker (fuzzy): {_shown(entry.msgid)}"]
    translations = (
        [entry.msgstr_plural.get(0, ""), entry.msgstr_plural.get(1, "")]
        if entry.msgid_plural
        else [entry.msgstr]
    )
    if not all(translations):
        return [f"saknar översättning: {_shown(entry.msgid)}"]
    wanted = set(PLACEHOLDER.findall(entry.msgid))
    allowed = wanted | set(PLACEHOLDER.findall(entry.msgid_plural))
    found = []
    for number, translation in enumerate(translations):
        used = set(PLACEHOLDER.findall(translation))
        # "En träff" may leave the number out; "%(count)s träffar" may not.
        needed = set() if entry.msgid_plural and number == 0 else allowed
        if used - allowed or needed - used:
            found.append(
                f"andra platshållare än {_listed(allowed)}: {_shown(entry.msgid)} "
                f"→ {_shown(translation)}"
            )
        elif allowed and "%" in PLACEHOLDER.sub("", translation).replace("%%", ""):
            found.append(f"ensamt procenttecken (skriv %%): {_shown(translation)}")
    return found


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def _shown(text: str) -> str:
    return f"”{text if len(text) <= 80 else f'{text[:79]}…'}”"


def _listed(placeholders: set[str]) -> str:
    return ", ".join(sorted(placeholders)) or "inga"


if __name__ == "__main__":
    try:
        compile_catalogues(Path(__file__).resolve().parents[1])
    except UnreadableCatalogue as error:
        sys.exit(f"Katalogen går inte att läsa: {error}")
