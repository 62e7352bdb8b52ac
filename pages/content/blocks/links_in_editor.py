"""Lets links that wait for their page pass through the editor as they are."""

from typing import Any

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from pages.content.references.links_to_come import WaitingLinkHandler, can_wait


class _WaitingLinkElementHandler(LinkElementHandler):
    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        # The editor shows the address as that of every other link.
        return {"url": attrs.get("address", ""), "waiting": True}


def keep_waiting_links(features: FeatureRegistry) -> None:
    """Writes such links for readers, and keeps them when an editor saves the text around them."""
    features.register_link_type(WaitingLinkHandler)
    # Wagtail has registered its own by now; asking for it would look for hooks again.
    rule = features.converter_rules_by_converter["contentstate"]["link"]
    ours = {f'a[linktype="{WaitingLinkHandler.identifier}"]': _WaitingLinkElementHandler("LINK")}
    features.register_converter_rule(
        "contentstate",
        "link",
        {
            "from_database_format": {**rule["from_database_format"], **ours},
            "to_database_format": {"entity_decorators": {"LINK": _written}},
        },
    )


def _written(props: dict[str, Any]) -> Any:
    address = props.get("url")
    if props.get("waiting") and isinstance(address, str) and can_wait(address):
        attributes = {"linktype": WaitingLinkHandler.identifier, "address": address}
        return DOM.create_element("a", attributes, props["children"])
    return link_entity(props)
