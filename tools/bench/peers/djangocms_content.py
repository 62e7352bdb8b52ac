"""An article of six texts below a menu, as an editor of django-cms would make it."""

import django

django.setup()

from article import PARAGRAPHS  # noqa: E402
from cms.api import add_plugin, create_page  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import transaction  # noqa: E402

with transaction.atomic():
    editor = get_user_model().objects.create_superuser("editor", "editor@example.org", "measured")
    page = None
    for title in ("Home", "Measured", "About", "News", "Contact"):
        page = create_page(title, "article.html", "en", in_navigation=True, created_by=editor)
        if title == "Home":
            page.set_as_homepage()
        if title == "Measured":
            placeholder = page.get_placeholders("en").get(slot="content")
            for paragraph in PARAGRAPHS:
                add_plugin(placeholder, "TextPlugin", "en", body=paragraph)
