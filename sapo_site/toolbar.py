"""The debug toolbar of `./sapo dev`."""

from threading import get_ident
from typing import Any

from debug_toolbar.panels import templates


class TemplatesPanel(templates.TemplatesPanel):
    """Records the templates of its own request, never those of a tip in another thread."""

    def enable_instrumentation(self) -> None:
        self._thread = get_ident()
        super().enable_instrumentation()

    def _store_template_info(self, sender: Any, **rendered: Any) -> None:
        if get_ident() == self._thread:
            super()._store_template_info(sender, **rendered)
