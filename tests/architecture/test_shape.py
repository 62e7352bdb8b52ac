"""The shape of the code: names, layers, migrations, colours."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from cooperation.blocks import CooperationBodyBlock
from pages.content.blocks.body import AsideBlock, BodyBlock
from sapo_site.building.static_storage import FlatStaticFilesStorage

ROOT = Path(__file__).resolve().parents[2]
APPS = ("pages", "cooperation", "tips", "sapo_site")
OURS = [ROOT / name for name in (*APPS, "static", "templates", "tests", "deploy", "docs")]
CSS = ROOT / "static" / "css"
CSS_OF_DESK = ROOT / "pages" / "newsroom" / "static" / "css"
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]

BLOCKS = {
    name for block in (BodyBlock, AsideBlock, CooperationBodyBlock) for name in block.base_blocks
}
MIGRATIONS = sorted(path for app in APPS for path in (ROOT / app).glob("**/migrations/[0-9]*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _is_ignored(name: str) -> bool:
    return name == ".git" or any(fnmatch(name, pattern) for pattern in IGNORED)


# One name through every layer


# What visitors, those who leave tips or open them, those who log in to the CMS, who approve and all in it are sent.
SHEETS = ("site.css", "tips.css", "desk.css", "login.css", "newsdesk.css", "cms_face.css")


def _imported(sheet: str) -> list[str]:
    folder = CSS_OF_DESK if sheet in ("newsdesk.css", "cms_face.css") else CSS
    return re.findall(
        r'@import url\("(?:components|newsdesk)/(\w+)\.css"\)', (folder / sheet).read_text()
    )


def test_a_block_has_a_template_and_a_style_sheet_of_its_name():
    assert {path.stem for path in (ROOT / "templates" / "blocks").glob("*.html")} == BLOCKS
    assert {path.stem for path in (CSS / "components").glob("*.css")} >= BLOCKS


def test_every_component_is_imported_and_by_each_sheet_once_in_order():
    imported = {sheet: _imported(sheet) for sheet in SHEETS}
    assert imported == {sheet: sorted(set(names)) for sheet, names in imported.items()}
    folders = (CSS / "components", CSS_OF_DESK / "newsdesk")
    components = {path.stem for folder in folders for path in folder.glob("*.css")}
    assert {name for names in imported.values() for name in names} == components


def test_the_sheets_are_those_that_are_made_one_file_of():
    assert sorted(FlatStaticFilesStorage.flattened) == sorted(f"css/{name}" for name in SHEETS)
    tops = [*CSS.glob("*.css"), *CSS_OF_DESK.glob("*.css")]
    assert {path.name for path in tops if "@import" in path.read_text()} == set(SHEETS)


_FORBIDDEN = {"common", "core", "helper", "helpers", "misc", "new", "old", "utils", "v2"}


def test_no_path_has_a_word_that_says_nothing():
    named = [
        path.relative_to(ROOT)
        for folder in OURS
        for path in folder.rglob("*")
        if _FORBIDDEN.intersection(re.split(r"[_.-]", path.name))
    ]
    # The demo's files are named by the titles of its pages.
    ours = [each for each in named if "content" not in each.parts]
    assert [each for each in ours if not any(map(_is_ignored, each.parts))] == []


def test_top_level_is_what_the_architecture_lists():
    text = (ROOT / "docs" / "architecture.md").read_text()
    layout = text.partition("## Layout\n```\n")[2].partition("```")[0]
    listed = {line.split("/")[0].split()[0] for line in layout.splitlines()}
    there = {path.name for path in ROOT.iterdir()}
    assert {name for name in there if not _is_ignored(name)} == listed - {"var"}


# Migrations


def test_every_app_with_tables_has_one_migration_until_the_first_release():
    folders = {path for app in APPS for path in (ROOT / app).glob("**/migrations")}
    assert set(MIGRATIONS) == {folder / "0001_initial.py" for folder in folders}


def _migrations_with(pattern: str) -> set[str]:
    return {_name(path) for path in MIGRATIONS if re.search(pattern, path.read_text())}


def test_no_migration_holds_a_list_of_blocks():
    assert _migrations_with(r"block_lookup|StreamBlock|wagtail\.blocks") == set()


def test_a_migration_that_loses_data_says_why():
    losing = _migrations_with(r"migrations\.(RemoveField|DeleteModel)|\.delete\(")
    assert losing - _migrations_with(r"# Loses data: \S") == set()


# Colours

BODY_TEXT, OTHER_TEXT, CONTROL = 7.0, 4.5, 3.0
PAIRS = [
    *[
        ("ink", ground, BODY_TEXT)
        for ground in (
            "paper", "snow", "mark", "information-quiet", "warning-quiet", "danger-quiet",
        )
    ],
    ("on-frame", "frame", BODY_TEXT),
    *[(text, ground, OTHER_TEXT) for text in ("ink-quiet", "link") for ground in ("paper", "snow")],
    *[
        ("link", ground, OTHER_TEXT)
        for ground in ("information-quiet", "warning-quiet", "danger-quiet")
    ],
    ("danger", "paper", OTHER_TEXT),
    ("danger", "danger-quiet", OTHER_TEXT),
    ("on-frame-quiet", "frame", OTHER_TEXT),
    ("on-frame", "frame-line", OTHER_TEXT),
    ("on-frame-quiet", "footer", OTHER_TEXT),
    ("on-gold", "gold", OTHER_TEXT),
    ("on-button", "button", OTHER_TEXT),
    ("control", "paper", CONTROL),
    ("control", "snow", CONTROL),
    ("rule", "paper", CONTROL),
    ("now", "paper", CONTROL),
    ("now", "snow", CONTROL),
    ("frame-control", "frame", CONTROL),
    ("gold", "frame", CONTROL),
    ("focus-outer", "paper", CONTROL),
    ("focus-outer", "focus-inner", CONTROL),
]  # fmt: skip


def _colours() -> dict[str, tuple[str, str]]:
    """Name -> the colour in the light scheme and in the dark one."""
    found = re.findall(
        r"--color-([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));",
        (CSS / "tokens.css").read_text(),
    )
    return {name: (light or both, dark or both) for name, light, dark, both in found}


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_guidelines_say():
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_every_colour_is_written_so_that_it_can_be_computed():
    named = re.findall(r"^ *--color-([\w-]+):", (CSS / "tokens.css").read_text(), re.MULTILINE)
    assert sorted(_colours()) == sorted(named)


def test_colours_have_the_contrast_that_they_need():
    colours = _colours()
    found = {
        (scheme, front, ground): (_contrast(colours[front][number], colours[ground][number]), least)
        for number, scheme in enumerate(("light", "dark"))
        for front, ground, least in PAIRS
    }
    assert {where: pair for where, pair in found.items() if pair[0] < pair[1]} == {}
