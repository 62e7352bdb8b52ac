"""Fyller den svenska katalogen med texterna i koden, eller kontrollerar den."""

import io
import os
import re
import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import django
import polib
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import PoFileError, read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

from sapo_site.building.catalogues import (
    UnreadableCatalogue,
    catalogue_files,
    compile_catalogues,
    read_catalogue,
)

SWEDISH = Path("sapo_site", "locale", "sv", "LC_MESSAGES", "django.po")
# Without the times and names of Babel's own.
HEADER = r"""#
msgid ""
msgstr ""
"Project-Id-Version: sapo_site\n"
"Language: sv\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": places for name, places in DEFAULT_KEYWORDS.items()},
    "gettext_noop": None,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-z]|%[sdrf]|\{\w*\}")

Key = tuple[str | None, str]


def main(arguments: list[str]) -> None:
    """Does what the arguments ask for; ends with exit code 1 and the faults if there are any."""
    parser = ArgumentParser("./sapo messages", description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="Ändra inget: visa vad som saknas, är osäkert eller inte längre används.",
    )
    is_check, project = parser.parse_args(arguments).check, settings.PROJECT_DIR
    try:
        texts = source_texts(project)
        if not is_check:
            came, went = update_catalogue(project / SWEDISH, texts)
            compile_catalogues(project)
            print(f"{came} nya texter, {went} som inte längre används borttagna.")
        found = all_problems(project, texts)
    except (UnreadableCatalogue, PoFileError, SyntaxError) as error:
        sys.exit(f"Går inte att läsa: {error}")
    if found:
        report = "\n  ".join([f"{len(found)} texter att åtgärda:", *found])
        if is_check:
            sys.exit(report)
        print(report)


# From the source


def source_texts(project: Path) -> Catalog:
    """Every marked text in our packages and templates, with the files that have it."""
    texts = Catalog()
    for path, source in _sources(project):
        name = path.relative_to(project).as_posix()
        for found in texts_in(source, name):
            texts[found.id] = found
    return texts


def _sources(project: Path) -> Iterator[tuple[Path, str]]:
    packages = sorted(path.parent for path in project.glob("*/__init__.py"))
    folders = [package for package in packages if package.name != "tests"]
    for folder in [*folders, project / "templates"]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".xml"} and "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")


def texts_in(source: str, name: str) -> Iterator[Message]:
    """The marked texts of one Python file or template."""
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
    for _line, text, notes, context in found:
        yield Message(text, locations=[(name, 0)], auto_comments=notes, context=context)


def update_catalogue(path: Path, texts: Catalog) -> tuple[int, int]:
    """Updates the catalogue from the source, keeps translations; returns texts added and removed."""
    catalogue = _read(path)
    before = files_of(catalogue).keys()
    written = written_anew(catalogue, texts)
    after = files_of(catalogue).keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written)
    return len(after - before), len(before - after)


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="sv")
    with path.open("rb") as file:
        return read_po(file, locale="sv", abort_invalid=True)


def written_anew(catalogue: Catalog, texts: Catalog) -> bytes:
    """The catalogue as it is written once it has been updated from the source."""
    catalogue.update(texts, no_fuzzy_matching=True)
    file = io.BytesIO(HEADER.encode())
    file.seek(0, io.SEEK_END)
    write_po(
        file, catalogue, width=100, omit_header=True, sort_output=True, ignore_obsolete=True,
        include_lineno=False,
    )  # fmt: skip
    return file.getvalue()


def files_of(texts: Catalog) -> dict[Key, list[str]]:
    """Each text, with the files that have it."""
    return {
        (text.context, text.id if isinstance(text.id, str) else text.id[0]): [
            name for name, _line in text.locations
        ]
        for text in texts
        if text.id
    }


# Checks


def all_problems(project: Path, texts: Catalog) -> list[str]:
    """The faults of the project's catalogues, one line each."""
    found: list[str] = []
    ours = project / SWEDISH
    for path in {ours, *catalogue_files(project)}:
        entries = read_catalogue(path) if path.exists() else []
        if path == ours:
            found += problems(entries, wanted=files_of(texts), known=())
            # Else the next who runs it gets changes that are not their own.
            if not found and path.read_bytes() != written_anew(_read(path), texts):
                found.append("raderna eller filnamnen är ändrade för hand: kör ./sapo messages")
        else:
            found += problems(entries, wanted={}, known=_package_texts(project, domain=path.stem))
    return found


def _package_texts(project: Path, domain: str) -> set[Key]:
    """The texts of installed packages, from the English catalogues that they contain."""
    packages = [Path(config.path) for config in apps.get_app_configs()]
    folders = [Path(django.__file__).parent / "conf"]
    folders += [package for package in packages if package.parent != project]
    sources = [folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po" for folder in folders]
    return {
        _key(entry) for source in sources if source.exists() for entry in read_catalogue(source)
    }


def problems(
    catalogue: Iterable[polib.POEntry], wanted: Mapping[Key, list[str]], known: Collection[Key]
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
    for key in wanted.keys() - seen:
        found.append(f"saknas: {_shown(key[1])} ({', '.join(sorted(wanted[key]))})")
    return sorted(found)


def entry_problems(entry: polib.POEntry) -> list[str]:
    """The faults of one translation."""
    if entry.fuzzy:
        return [f"osäker (fuzzy): {_shown(entry.msgid)}"]
    translations = (
        [entry.msgstr_plural.get(0), entry.msgstr_plural.get(1)]
        if entry.msgid_plural
        else [entry.msgstr]
    )
    if not all(translations):
        return [f"saknar översättning: {_shown(entry.msgid)}"]
    allowed = set(PLACEHOLDER.findall(f"{entry.msgid} {entry.msgid_plural}"))
    found = []
    for number, translation in enumerate(translations):
        used = set(PLACEHOLDER.findall(translation))
        # "En träff" may leave the number out; "%(count)s träffar" may not.
        needed = set() if entry.msgid_plural and number == 0 else allowed
        if used - allowed or needed - used:
            found.append(
                f"andra platshållare än {', '.join(sorted(allowed)) or 'inga'}: "
                f"{_shown(entry.msgid)} → {_shown(translation)}"
            )
        elif allowed and "%" in PLACEHOLDER.sub("", translation).replace("%%", ""):
            found.append(f"ensamt procenttecken (skriv %%): {_shown(translation)}")
    return found


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def _shown(text: str) -> str:
    return f"”{text if len(text) <= 80 else f'{text[:79]}…'}”"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapo_site.settings.test")
    django.setup()
    main(sys.argv[1:])
