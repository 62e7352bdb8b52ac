"""What a version says, as it lies there, less its bookkeeping."""

import pytest

from pages.content.publishing.stored import BOOKKEEPING, COMPUTED, content_of


@pytest.mark.parametrize("name", sorted(BOOKKEEPING | COMPUTED))
def test_what_a_version_says_of_itself_is_no_content(name):
    assert content_of({"title": "A", name: "1"}) == {"title": "A"}


def test_same_blocks_written_otherwise_are_the_same_content():
    assert content_of({"body": '[{"type":"prose","value":"x"}]'}) == content_of(
        {"body": '[{"value": "x", "type": "prose"}]'}
    )


def test_a_text_that_only_looks_as_blocks_do_is_taken_as_it_lies():
    for name in ("title", "lead", "text"):
        assert content_of({name: "[1,2]"}) != content_of({name: "[1, 2]"})


def test_blocks_that_are_no_blocks_are_taken_as_they_lie():
    for text in ("[sic] a", '"x"', '{"a": 1}', "1"):
        assert content_of({"body": text}) == {"body": text}


@pytest.mark.parametrize("text", ["<p>a</p>\n<p>b</p>", '<p data-block-key="k">a</p>', "a\u030a"])
def test_no_text_is_made_otherwise(text):
    assert content_of({"body": text, "lead": text}) == {"body": text, "lead": text}


def test_another_topic_is_another_content():
    one = {"page_topics": [{"pk": 1, "page": 5, "topic": 1}]}
    same = {"page_topics": [{"pk": 9, "page": 8, "topic": 1, "listed_on": "2026-12-01"}]}
    other = {"page_topics": [{"pk": 1, "page": 5, "topic": 2}]}
    assert content_of(one) == content_of(same) != content_of(other)


def test_a_name_of_bookkeeping_within_blocks_is_content():
    body = '[{"type": "x", "value": {"pk": 1, "live": true}}]'
    assert content_of({"body": body})["body"] == [{"type": "x", "value": {"pk": 1, "live": True}}]
