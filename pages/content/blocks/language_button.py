"""The button by which editors say in which language words of a text are."""

from typing import Any

from wagtail.admin.rich_text.converters.html_to_contentstate import InlineStyleElementHandler
from wagtail.admin.rich_text.editors.draftail.features import Feature
from wagtail.rich_text.feature_registry import FeatureRegistry

from pages.content.tree.spoken_languages import LANGUAGES, attributes_of


class _LanguageFeature(Feature):
    """A button in the text editor; what it does is in its script."""

    def __init__(self) -> None:
        super().__init__(js=["js/cms_languages.js"])

    def construct_options(self, options: dict[str, Any]) -> None:
        options.setdefault("controls", []).append({"type": "language"})
        options.setdefault("inlineStyles", []).extend(
            {"type": _style(code), "style": {"textDecoration": "underline dotted"}}
            for code in LANGUAGES
        )


def offer_languages(features: FeatureRegistry) -> None:
    """Lets editors say in which language words of a text are."""
    features.register_editor_plugin("draftail", "language", _LanguageFeature())
    features.register_converter_rule(
        "contentstate",
        "language",
        {
            "from_database_format": {
                f'span[lang="{code}"]': InlineStyleElementHandler(_style(code))
                for code in LANGUAGES
            },
            "to_database_format": {
                "style_map": {
                    _style(code): {"element": "span", "props": attributes_of(code)}
                    for code in LANGUAGES
                }
            },
        },
    )


def _style(code: str) -> str:
    return f"LANGUAGE_{code}"
