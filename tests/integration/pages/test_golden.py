"""What is written for ever is read for ever: rows, versions and digests of before, under the code of now.

From 1.0.0 on nothing in `tests/golden/` is changed or taken away; it is only added to.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField

from pages.content.publishing import stored
from pages.content.publishing.stored import content_of
from pages.newsroom.companions import LIBRARY
from pages.newsroom.digest import digest_in_place, digest_of_act, kinds
from pages.newsroom.guard import guarded_models
from pages.newsroom.models import Approval, Confirmation, Publication, Renaming
from pages.newsroom.models.renaming import note_renaming


def golden(name: str) -> Any:
    return json.loads((Path("tests/golden") / f"{name}.json").read_text())


MODELS = {
    model.__name__.lower(): model for model in (Approval, Confirmation, Publication, Renaming)
}
ROWS, DIGESTS, NAMES = map(golden, ("newsroom_rows", "newsroom_digests", "newsroom_names"))


def _row(of: dict[str, Any]) -> Any:
    model = MODELS[of["rows"]]
    moments = {"DateTimeField"}
    said = {
        name: datetime.fromisoformat(value) if value and of["types"][name] in moments else value
        for name, value in of["said"].items()
    }
    return model(recipe=of["recipe"], former=of["former"], **said)


@pytest.mark.parametrize("of", ROWS, ids=lambda of: f"{of['rows']}-{of['recipe']}")
def test_a_row_of_before_is_whole(of):
    row = _row(of)
    assert row.seal() == of["hash"]
    assert set(row.SEALED[of["recipe"]]) == set(of["said"])
    types = {name: type(row._meta.get_field(name)).__name__ for name in of["said"]}
    assert types == of["types"]


@pytest.mark.parametrize("of", ROWS, ids=lambda of: f"{of['rows']}-{of['recipe']}")
def test_a_row_is_whole_no_more_when_one_value_of_it_is_another(of):
    for name in of["said"]:
        row = _row(of)
        setattr(row, name, "annat" if getattr(row, name) != "annat" else "")
        assert row.seal() != of["hash"], name
    for name, value in (("former", "c" * 64), ("recipe", 2)):
        row = _row(of)
        setattr(row, name, value)
        assert row.seal() != of["hash"], name


def test_every_recipe_of_rows_is_golden():
    known = {(of["rows"], of["recipe"]) for of in ROWS}
    assert known == {(name, recipe) for name, model in MODELS.items() for recipe in model.SEALED}


def test_a_column_that_comes_later_changes_no_seal(monkeypatch):
    field = models.BooleanField(default=True)
    field.set_attributes_from_name("as_press_officer")
    grown = [*Confirmation._meta.concrete_fields, field]
    monkeypatch.setattr(Confirmation._meta, "concrete_fields", grown)
    monkeypatch.setattr(Confirmation, "as_press_officer", True, raising=False)
    for of in ROWS:
        assert _row(of).seal() == of["hash"]


@pytest.mark.parametrize("of", DIGESTS["versions"], ids=lambda of: of["kind"])
def test_a_version_of_before_has_its_digest(of):
    said = content_of(of["stored"])
    assert digest_in_place(of["kind"], of["key"], said, parent=of["parent"]) == of["digest"]


@pytest.mark.parametrize("of", DIGESTS["others"], ids=lambda of: of["kind"])
def test_what_has_no_versions_has_its_digest(of):
    found = digest_in_place(
        of["kind"], of["key"], of["content"], parent=of["parent"], files=of["files"]
    )
    assert found == of["digest"]


@pytest.mark.parametrize("of", DIGESTS["acts"], ids=lambda of: of["act"])
def test_an_act_of_before_has_its_digest(of):
    assert digest_of_act(of["act"], of["kind"], of["key"], of["parameters"]) == of["digest"]


@pytest.mark.parametrize("name", ["bookkeeping", "wishes", "computed"])
def test_no_name_has_left_a_frozen_list_and_none_has_come(name):
    assert sorted(getattr(stored, name.upper())) == NAMES[name]


def test_every_kind_that_readers_meet_has_a_name_of_its_own_for_ever():
    named = kinds()
    assert {*guarded_models(), *LIBRARY} <= named.keys()
    assert len(set(named.values())) == len(named)
    assert set(NAMES["kinds"]) <= set(named.values())
    assert not any("." in kind for kind in named.values())


def test_every_field_of_blocks_is_among_the_streams_and_nothing_else_is():
    assert set(NAMES["streams"]) <= stored.STREAMS
    for model in guarded_models():
        for field in model._meta.fields:
            is_stream = isinstance(field, StreamField)
            assert (field.name in stored.STREAMS) == is_stream, (model, field.name)
            assert not isinstance(field, models.JSONField) or is_stream, (model, field.name)


def test_the_way_back_of_every_row_that_belongs_to_a_page_is_left_out():
    for model in guarded_models():
        for relation in get_all_child_relations(model):
            if relation.get_accessor_name() not in stored.BOOKKEEPING:
                row = {relation.field.name: 1, "pk": 2, "said": 3}
                assert content_of({"rows": [row]}) == {"rows": [{"said": 3}]}, model


def test_a_renamed_field_is_read_under_its_new_name():
    content = {"lead": "a", "body": "b"}
    assert Renaming(path="lead", name="intro").applied_to(content) == {"intro": "a", "body": "b"}


def test_renamed_blocks_and_their_values_are_read_under_their_new_names():
    body = [
        {"type": "box", "value": {"text": "box", "more": [{"type": "item", "value": {"text": 1}}]}},
        {"type": "prose", "value": "box text"},
    ]
    for path, name, after in (
        ("body.box", "frame", [body[0] | {"type": "frame"}, body[1]]),
        ("body.box.text", "words",
         [body[0] | {"value": {"words": "box", "more": body[0]["value"]["more"]}}, body[1]]),
        ("body.box.more.item.text", "words",
         [body[0] | {"value": {"text": "box",
                               "more": [{"type": "item", "value": {"words": 1}}]}}, body[1]]),
        ("aside.box", "frame", body),
    ):  # fmt: skip
        content = {"lead": "box", "body": body}
        assert Renaming(path=path, name=name).applied_to(content) == {"lead": "box", "body": after}


@pytest.mark.django_db
def test_a_data_migration_writes_renamings_in_one_chain():
    for path in ("lead", "body.quote"):
        note_renaming(Renaming, kind="article", path=path, name="x", release="1.1.0")
    first, second = Renaming.objects.all()
    assert (first.former, second.former) == ("", first.hash)
    assert [each.seal() for each in (first, second)] == [first.hash, second.hash]
    assert Renaming.by_kind()["article"] == [first, second]
