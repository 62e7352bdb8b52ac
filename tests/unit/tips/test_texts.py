"""What the texts of the tip channel say. They come with the release, in each of its languages."""

import re

from django.conf import settings

from tests.tables import every_row
from tips.wording.texts import BUILT_IN, built_in

_PROMISES = re.compile(
    r"helt anonym|garanter|kan (inte|aldrig) spåras|totalsträck|utan risk"
    r"|completely anonymous|guarantee|cannot be traced|end.to.end|without risk"
)


@every_row("language", dict(settings.LANGUAGES))
def test_each_language_has_every_text(language):
    assert list(BUILT_IN[language]) == list(BUILT_IN["sv"])
    assert all(BUILT_IN[language].values())


@every_row(
    ("language", "facts"),
    [
        ("sv", ("inte lova att du förblir anonym", "allmän handling")),
        ("en", ("cannot promise that you will remain anonymous", "official document")),
    ],
)
def test_the_texts_promise_nothing_that_the_law_does_not_allow_and_say_whom_to_call(
    language, facts
):
    texts = BUILT_IN[language]
    said = " ".join(texts.values())
    assert not _PROMISES.search(said)
    assert all(fact in said for fact in facts)
    assert "112" in texts["urgent"]
    assert "114 14" in texts["police"]
    assert "10-568 70 00" in texts["telephone"]


def test_a_language_without_texts_is_swedish():
    assert built_in("fi") == BUILT_IN["sv"]
