import functools
import tomllib

import pytest
from PIL import Image

from pages.library.alt_text import says_something
from pages.library.renditions import WIDTHS
from sapo_site.demo.content_files import CONTENT, picture_file

ROWS = tomllib.loads((CONTENT / "pictures" / "pictures.toml").read_text())["picture"]
NAMES = [row["name"] for row in ROWS]
FILES = sorted((CONTENT / "pictures").glob("*.*"))
SHOWN = "\n".join(path.read_text() for path in sorted(CONTENT.rglob("*.toml")))
MOST_BYTES_TOGETHER = 2_000_000
MOST_BYTES = 350 * 1024


@functools.cache
def small(name: str) -> Image.Image:
    with Image.open(picture_file(name)) as picture:
        return picture.resize((120, 80))


def test_every_picture_that_the_content_may_name_exists():
    expected = "arkiv granslinje hojdkurvor kust natverk norden samarbete skargard stadsljus"

    assert expected.split() == NAMES


def test_every_file_is_listed_and_there_is_nothing_else():
    listed = [*map(picture_file, NAMES), CONTENT / "pictures" / "pictures.toml"]

    assert sorted(listed) == FILES


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_shown_by_a_page(name):
    assert f'picture = "{name}"' in SHOWN


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_picture_has_a_title_and_says_what_it_shows(row):
    assert row["title"]
    assert says_something(row["alt_text"])
    assert row["alt_text"] != row["title"]


def test_no_picture_is_like_another():
    assert len({small(name).tobytes() for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_as_large_as_its_widest_rendition_and_in_the_form_of_all_others(name):
    with Image.open(picture_file(name)) as picture:
        assert picture.format == "WEBP"
        assert picture.mode == "RGB"
        assert picture.size == (1600, 1067)
        assert picture.width > max(WIDTHS)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_light_and_shade(name):
    darkest, lightest = small(name).convert("L").getextrema()

    assert lightest - darkest > 60


def test_a_picture_that_does_not_exist_is_refused():
    with pytest.raises(FileNotFoundError):
        picture_file("okänd").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_small_and_says_nothing_about_where_it_was_made(name):
    content = picture_file(name).read_bytes()

    with Image.open(picture_file(name)) as picture:
        assert not picture.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(picture.info)
    assert content[12:16] == b"VP8 "  # the simple form of WebP, which has no room for metadata
    assert len(content) <= MOST_BYTES


def test_the_pictures_together_are_light():
    assert sum(path.stat().st_size for path in FILES) <= MOST_BYTES_TOGETHER
