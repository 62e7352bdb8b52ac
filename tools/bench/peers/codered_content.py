"""An article with texts, a picture, buttons and tags, as an editor of coderedcms would make it."""

import io
import json

import django

django.setup()

from article import PARAGRAPHS  # noqa: E402
from django.core.files.images import ImageFile  # noqa: E402
from PIL import Image as Picture  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import Site  # noqa: E402
from website.models import ArticleIndexPage, ArticlePage  # noqa: E402

file = io.BytesIO()
Picture.linear_gradient("L").resize((1600, 1000)).convert("RGB").save(file, "JPEG")
image = get_image_model().objects.create(title="Picture", file=ImageFile(file, "picture.jpg"))
settings = {"custom_template": "", "custom_css_class": "", "custom_id": "", "ga_tracking_event_category": "",
            "ga_tracking_event_label": ""}  # fmt: skip
blocks = [{"type": "text", "value": paragraph} for paragraph in PARAGRAPHS]
blocks.insert(1, {"type": "image", "value": {"settings": settings, "image": image.pk}})
home = Site.objects.get(is_default_site=True).root_page
for title in ("Read the law", "Tell us"):
    button = {"settings": settings, "page_link": home.pk, "doc_link": None, "other_link": "",
              "button_title": title, "button_style": "btn-primary", "button_size": ""}  # fmt: skip
    blocks.append({"type": "button", "value": button})
index = ArticleIndexPage(title="Articles", slug="articles")
index.index_order_by = ""  # its own default is none of its own choices
home.add_child(instance=index)
article = index.add_child(
    instance=ArticlePage(title="Measured", slug="measured", body=json.dumps(blocks))
)
article.cover_image = image
article.tags.add("spying", "law", "advice")
article.save_revision().publish()
