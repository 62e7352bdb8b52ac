import functools
import hashlib
import time

import pytest
from PIL import Image

from sapo_site.demo.pictures import PICTURES, draw, save
from sapo_site.demo.pictures.chance import Chance

NAMES = sorted(PICTURES)
MOST_SECONDS = 4.0


@functools.cache
def small(name: str) -> Image.Image:
    return draw(name, width=120, height=80)


def test_every_picture_that_the_content_may_name_exists():
    expected = (
        "arkiv cirklar dimma flode granslinje hojdkurvor horisont kompass kust lager "
        "ljuskaglor natverk norden norrsken puls rutnat skargard skog stadsljus vagor"
    )

    assert expected.split() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_the_same_every_time(name):
    again = draw(name, width=120, height=80)

    assert (
        hashlib.sha256(again.tobytes()).digest() == hashlib.sha256(small(name).tobytes()).digest()
    )


def test_no_picture_is_like_another():
    assert len({small(name).tobytes() for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_the_size_and_shape_that_was_asked_for(name):
    picture = draw(name, width=90, height=110)

    assert picture.size == (90, 110)
    assert picture.mode == "RGB"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_light_and_shade(name):
    darkest, lightest = small(name).convert("L").getextrema()

    assert lightest - darkest > 60


def test_a_picture_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        draw("okänd")


@pytest.mark.parametrize("name", ["skargard", "stadsljus"])
def test_the_file_is_small_and_progressive_and_says_nothing_about_where_it_was_made(name, tmp_path):
    path = tmp_path / "bild.jpg"

    save(name, path)

    with Image.open(path) as picture:
        assert picture.size == (1600, 1067)
        assert picture.info.get("progressive")
        assert not picture.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(picture.info)
    assert path.stat().st_size <= 350 * 1024


@pytest.mark.parametrize("name", ["flode", "kust"])
def test_the_heaviest_pictures_are_drawn_in_seconds(name):
    started = time.process_time()

    draw(name)

    assert time.process_time() - started < MOST_SECONDS


def test_chance_gives_the_numbers_that_the_compositions_were_chosen_from():
    chance = Chance("provtryck")

    assert [round(chance.number(), 6) for _ in range(3)] == [0.73933, 0.400782, 0.022802]
    assert [round(number, 6) for number in chance.many(3)] == [-0.022293, 0.235309, 0.616907]
