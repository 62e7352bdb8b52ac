"""What editors may upload, and what is done with it."""

import re

import environ

WAGTAILIMAGES_IMAGE_MODEL = "library.SiteImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = (
    "pages.newsroom.editing.picture_form.SiteImageForm"  # bounds the pixels
)
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "avif", "webp": "webp"}
WAGTAILDOCS_DOCUMENT_MODEL = "library.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "pages.newsroom.editing.public_files.SiteDocumentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "pdf", "pptx", "txt", "vtt", "xlsx"]
# A film and its captions must play in the page. All other files are downloaded: a PDF can hold scripts, and
# no browser's viewer promises to run none.
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["video/mp4", "text/vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # with our headers
# Where the program listens that works on what is uploaded (`pages.library.apart`), as another user and without a network.
# Empty: each file has a process of our own user's. Production has no such way.
READER_SOCKET = ""
# clamd, by its socket or as host:port: each upload is shown to it (`pages.library.virus_scanner`). Empty: none. What
# it is sent is in the clear, so a port must be of this machine; a tunnel may lead from there to another.
CLAMD = environ.Env().str("SAPO_CLAMD", default="")
if CLAMD and not re.fullmatch(
    r"/.+|(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):\d{1,5}", CLAMD
):
    raise environ.ImproperlyConfigured(
        f"SAPO_CLAMD: {CLAMD} is neither the path of a socket nor a port of this machine, such as "
        "127.0.0.1:3310"
    )
