"""A table that is asked in one test hides no row that fails."""

import inspect

import pytest
from django.db import connections

from tests.tables import every_row


def test_every_row_is_tried_and_each_that_fails_is_named():
    tried = []

    @every_row("one, other", [(1, 1), pytest.param(1, 2, id="unlike"), (3, 0)])
    def are_alike(one, other, into):
        into.append(one)
        assert 1 / other == 1 / one

    assert list(inspect.signature(are_alike).parameters) == ["into"]
    with pytest.raises(pytest.fail.Exception) as failed:
        are_alike(into=tried)
    assert tried == [1, 1, 3]
    first, second, third, *_more = str(failed.value).splitlines()
    assert first == "2 of 3 rows fail:"
    assert second.startswith("unlike: ")
    assert third.startswith("3, 0: ZeroDivisionError: division by zero  (line ")


@pytest.mark.django_db(databases=["tips"])
def test_what_a_row_has_written_is_taken_back():
    @every_row("number", [1, 2], undone=["tips"])
    def writes(number):
        with connections["tips"].cursor() as cursor:
            cursor.execute("CREATE TABLE written (number int)")

    writes()
