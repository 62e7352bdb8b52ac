import json
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from pages.public.templatetags import pages_tags
from sapo_site.building.static_storage import FlatStaticFilesStorage, flatten_imports


def _paths(**files: str) -> dict[str, tuple[InMemoryStorage, str]]:
    storage = InMemoryStorage()
    names = {name.replace("__", "/") + ".css": text for name, text in files.items()}
    for name, text in names.items():
        storage.save(name, ContentFile(text))
    return {name: (storage, name) for name in names}


def test_imports_become_one_file_in_their_layers():
    paths = _paths(css__tokens=":root{}", css__components__card=".card{}")
    text = (
        '@layer tokens, components;\n@import url("tokens.css") layer(tokens);\n'
        '@import url("components/card.css") layer(components);\n'
    )
    flat = flatten_imports(text, "css/site.css", paths)
    assert "@import" not in flat
    assert "@layer tokens {\n:root{}}" in flat
    assert "@layer components {\n.card{}}" in flat


def test_what_only_writers_read_is_not_sent():
    paths = _paths(css__components__card="/* What it is for:\n   the reader. */\n.card {\n  gap: 0;\n}\n")
    text = '/* All of it. */\n@import url("components/card.css") layer(components);\n'
    assert flatten_imports(text, "css/site.css", paths).split() == (
        "@layer components { .card { gap: 0; } }".split()
    )


def test_addresses_of_files_are_those_of_the_new_place():
    paths = _paths(css__components__mark='.mark{background:url("../../images/mark.svg")}')
    flat = flatten_imports('@import url("components/mark.css");', "css/site.css", paths)
    assert 'url("../images/mark.svg")' in flat


def test_only_what_pages_name_is_compressed(tmp_path: Path):
    storage = FlatStaticFilesStorage(location=tmp_path, base_url="/static/")
    storage.save("card.css", ContentFile(".card { color: navy }\n" * 50))

    list(storage.post_process({"card.css": (storage, "card.css")}))

    hashed = storage.stored_name("card.css")
    compressed = {path.name for path in tmp_path.iterdir() if path.suffix in (".br", ".gz")}
    assert hashed != "card.css"
    assert compressed == {f"{hashed}.br", f"{hashed}.gz"}


def test_a_page_says_the_sum_of_the_script_that_it_means(tmp_path: Path, monkeypatch):
    storage = FlatStaticFilesStorage(location=tmp_path, base_url="/static/")
    storage.save("a.js", ContentFile("alert(1)"))
    list(storage.post_process({"a.js": (storage, "a.js")}))
    monkeypatch.setattr(pages_tags, "staticfiles_storage", storage)
    monkeypatch.setattr(pages_tags, "static", storage.url)

    tag = pages_tags.script("a.js")

    assert tag == (
        f'<script type="module" src="/static/{storage.stored_name("a.js")}" '
        f'integrity="{"sha384-" + b64encode(sha384(b"alert(1)").digest()).decode()}"></script>'
    )


def test_the_list_of_files_is_in_the_order_of_names_whatever_the_disk_says(tmp_path: Path):
    storage = FlatStaticFilesStorage(location=tmp_path, base_url="/static/")
    for name in ("b.css", "a.css", "c.css"):
        storage.save(name, ContentFile(f".{name[0]} {{ color: navy }}"))

    list(storage.post_process({name: (storage, name) for name in ("c.css", "a.css", "b.css")}))

    listed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert list(listed) == ["a.css", "b.css", "c.css"]
