"""What a browser sends when an editor opens a form of the CMS and saves it as it is."""

import re
from typing import Any

from django.forms import CheckboxInput, CheckboxSelectMultiple
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.images.blocks import ImageBlock
from wagtail.models import Revision


def save_untouched(client: Any, user: Any, obj: Any) -> Revision:
    """Opens the object's form as the user and saves it; the version that comes of it."""
    address = AdminURLFinder(user).get_edit_url(obj)
    form = client.get(address).context["form"]
    posted = {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, **_sent(form)}
    answer = client.post(address, posted)
    assert answer.status_code == 302, answer.context["form"].errors
    row = type(obj)._base_manager.get(pk=obj.pk)
    assert row.latest_revision_id != getattr(obj, "latest_revision_id", None)
    assert row.latest_revision.user == user
    return row.latest_revision


def _sent(form: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(block := getattr(bound.field, "block", None), Block):
            sent |= _of_block(block, value, bound.html_name)
        else:
            sent |= _of_widget(bound.field.widget, value, bound.html_name)
    return sent


def _of_widget(widget: Any, value: Any, name: str) -> dict[str, Any]:
    if isinstance(widget, CheckboxInput):
        return {name: "on"} if widget.check_test(value) else {}
    if isinstance(widget, CheckboxSelectMultiple):
        return {name: list(value or ())}
    if hasattr(widget, "get_value_data"):
        told = widget.get_value_data(value)
        return {name: "" if told is None else told["id"]}
    shown = widget.format_value(value)
    if isinstance(shown, list):  # a list of choices
        shown = shown[0] if shown else ""
    # A browser ends each line in its own way.
    return {name: re.sub(r"\r?\n", "\r\n", str("" if shown is None else shown))}


def _of_block(block: Any, value: Any, name: str) -> dict[str, Any]:
    if isinstance(block, StreamBlock):
        return _of_many(
            name, [(each.block_type, each.id, each.block, each.value) for each in value]
        )
    if isinstance(block, ListBlock):
        items = value.bound_blocks
        return _of_many(name, [(None, each.id, block.child_block, each.value) for each in items])
    if isinstance(block, ImageBlock):
        value = block._image_to_struct_value(value)
    if isinstance(block, StructBlock):
        sent: dict[str, Any] = {}
        for inner, child in block.child_blocks.items():
            sent |= _of_block(child, value.get(inner), f"{name}-{inner}")
        return sent
    widget, shown = block.field.widget, block.field.prepare_value(block.value_for_form(value))
    return _of_widget(widget, shown, name)


def _of_many(name: str, items: list[tuple[str | None, str | None, Any, Any]]) -> dict[str, Any]:
    sent: dict[str, Any] = {f"{name}-count": len(items)}
    for number, (kind, key, block, value) in enumerate(items):
        at = f"{name}-{number}"
        sent |= {f"{at}-deleted": "", f"{at}-order": number, f"{at}-id": key or ""}
        if kind is not None:
            sent[f"{at}-type"] = kind
        sent |= _of_block(block, value, f"{at}-value")
    return sent
