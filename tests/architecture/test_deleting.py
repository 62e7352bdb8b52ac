"""Who may delete for good what readers may have met."""

from tests.rooms import FILES, ROOT

MAY = {
    "pages/newsroom/keeping_public.py",
    "sapo_site/demo/site.py",  # Wagtail's welcome page
}


def test_nobody_else_deletes_for_good():
    using = {path for path in FILES if "deleting_for_good" in path.read_text()}
    assert {path.relative_to(ROOT).as_posix() for path in using} <= MAY
