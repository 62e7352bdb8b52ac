"""Headers, policies and cookies, together for an auditor to read.

The policies were tried in Chromium on every page type (docs/decisions/0007).
"""

SECURE_CONTENT_TYPE_NOSNIFF = True
# `no-referrer` would make browsers send `Origin: null`, which Django's CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CROSS_ORIGIN_RESOURCE_POLICY = "same-origin"
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)

SELF = "'self'"
NONE = "'none'"

_OWN_HOST_ONLY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "media-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "object-src": [NONE],
}

CSP_FOR_VISITORS = {
    **_OWN_HOST_ONLY,
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [NONE],
}
# The editor's bar on public pages builds its markup from strings.
CSP_FOR_LOGGED_IN = {**_OWN_HOST_ONLY, "img-src": [SELF, "data:"]}
# The preview panel of the CMS shows the page in a frame.
CSP_FOR_PREVIEW = {**CSP_FOR_LOGGED_IN, "frame-ancestors": [SELF]}
CSP_FOR_CMS_LOGINS = _OWN_HOST_ONLY
# Below the address of the CMS: where passwords and codes are written.
CMS_LOGINS = ("login/", "logout/", "inloggning/", "nytt-losenord/")
# What Wagtail writes as inline scripts is started otherwise: pages/newsroom/editing/starts.py.
CSP_FOR_CMS = {**_OWN_HOST_ONLY, "img-src": [SELF, "data:", "blob:"], "frame-src": [SELF]}
# Views that need more, by their addresses below that of the CMS, and why. Each was seen in Chromium
# (docs/decisions/0007).
CMS_VIEWS_THAT_NEED_MORE: tuple[tuple[str, dict[str, list[str]]], ...] = (
    # The rich text editor writes what stands in an empty paragraph as a style element (Draftail;
    # wagtail/wagtail#1288).
    (
        r"(?:pages|snippets)/(?:.+/)?(?:add|edit)/",
        {"style-src-elem": [SELF, "'unsafe-inline'"]},
    ),
    # The frame for the focal point asks whether the screen can be touched by a handler that does
    # nothing, `return;` (Jcrop; wagtail/wagtail#1288).
    (
        r"images/\d+/$",
        {
            "script-src-attr": [
                "'unsafe-hashes'",
                "'sha256-i+qr4lq34KgNHiW62lWi9aInEBwiEOrfCzaNPCvkqD8='",
            ]
        },
    ),
)
# What was uploaded asks for nothing, sends no form and stands in no frame; in the page it runs nothing.
CSP_FOR_DOWNLOADS = {
    "default-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
CSP_FOR_FILES = {**CSP_FOR_DOWNLOADS, "style-src": ["'unsafe-inline'"], "sandbox": []}
# What was public once, shown to the registrar: nothing runs in it, and it asks no other host. Without its own
# origin it would get neither the pictures of its moment, which need the login's cookie, nor its typeface; since no
# script runs, the origin is of no use to it (docs/decisions/0069).
CSP_FOR_RECORDED = {
    "default-src": [NONE],
    "img-src": [SELF],
    "style-src": [SELF],
    "font-src": [SELF],
    "media-src": [SELF],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "sandbox": ["allow-same-origin"],
}

# Where one reads before leaving a tip: its style sheet with the letters of our name in it, its icons and the script
# of the quick exit.
CSP_FOR_INTAKE = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": ["data:"],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [NONE],
}
# The form for those without script, and its answers.
CSP_FOR_PLAIN_FORM = {**CSP_FOR_INTAKE, "script-src": [NONE]}
# The form that seals in the browser; nginx says the same (deploy/nginx-tip-form.conf).
CSP_FOR_TIP_FORM = {**CSP_FOR_INTAKE, "connect-src": [SELF], "form-action": [NONE]}
INTEGRITY_POLICY = "blocked-destinations=(script)"
CSP_FOR_DESK = {**CSP_FOR_INTAKE, "connect-src": [SELF]}
# Where handlers log in, and open keys and tips; nginx says the same (deploy/nginx-desk-page.conf). A tip's
# pictures are decoded in a sandboxed frame made from the browser's memory, which has only its own script:
# tips/opener/content/picture_frame.html.
_PICTURE_FRAME_SCRIPT = "'sha256-G63wwHCEfDtzyVtf+HvvJj+bVDN0S4bIPjTyq7HYXI0='"
CSP_FOR_DESK_PAGES = {
    **CSP_FOR_DESK,
    "script-src": [SELF, _PICTURE_FRAME_SCRIPT],
    "frame-src": ["blob:"],
    "worker-src": [NONE],
    "form-action": [NONE],
}

CONTENT_SECURITY_POLICY = {"DIRECTIVES": CSP_FOR_VISITORS}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # links in mail to a page to approve must work
SESSION_COOKIE_AGE = 30 * 60  # without activity
SESSION_AT_MOST = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = "/"
CSRF_COOKIE_HTTPONLY = False  # Wagtail's admin scripts read it
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
COOKIE_NOTICE_COOKIE = "kakmeddelande"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
CSRF_FAILURE_VIEW = "sapo_site.answering.views.csrf_failure"
