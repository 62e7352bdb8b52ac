"""Settings of `./sapo run`: as in production, but on loopback and with demo accounts."""

import contextlib
import os
import tempfile

from django.core.management.utils import get_random_secret_key

from .base import *

DEMO = DEMO_ACCOUNTS_ALLOWED = True
TIPS_DEMO_KEYS_ALLOWED = True
DESK_PAGES_BY_SERVICE = TIP_FORM_BY_SERVICE = True
TIPS_TRUST_DIR = VAR_DIR / "demo-keys" / "trust"
TIPS_ROOT = TIPS_TRUST_DIR / "root"
TIPS_INTAKE_KEY = VAR_DIR / "demo-keys" / "intake.key"

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
_URL = f"http://127.0.0.1:{env.str('PORT', '8000')}"
# Offered: a password alone is enough here. Browsers keep no passkeys for 127.0.0.1.
SECOND_FACTOR_REQUIRED = TIPS_PASSKEYS_REQUIRED = False
vars().update(passkeys_at(f"http://localhost:{env.str('PORT', '8000')}"))
EDITION_URL = env.str("SAPO_EDITION_URL", _URL)
WAGTAILADMIN_BASE_URL = env.str("SAPO_BASE_URL", _URL)
# Mails can be read there, and reach nobody.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "webb@sakerhetspolisen.example"


def _kept_secret_key() -> str:
    """The key that the first start has drawn and kept in the data folder."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written to another file and linked: an interrupted start leaves no empty key, and of two
        # starts at the same moment the first one's key is kept.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(get_random_secret_key())
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()


SECRET_KEY = _kept_secret_key()
