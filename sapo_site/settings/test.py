"""For the tests: as the demo, but in a folder of its own that is removed afterwards."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from sapo_site.building.catalogues import compile_catalogues

from .base import *

# Before anything asks for a text: Django remembers that a catalogue was not there.
compile_catalogues(PROJECT_DIR)
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for _alias, _database in DATABASES.items():
    if _database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, as in the demo: the server of the browser tests runs in another thread, and
        # threads that share a database in memory lock each other out.
        _database["TEST"] = {
            "NAME": Path(tempfile.gettempdir()) / f"sapo-test-{_alias}-{os.getpid()}.sqlite3"
        }
# The tips' few tables are made from the models: the other apps' migrations would run there for nine
# seconds and do nothing. The tests of database rights run the migrations themselves.
DATABASES.get("tips", {}).setdefault("TEST", {})["MIGRATE"] = False
SECOND_FACTOR_REQUIRED = TIPS_PASSKEYS_REQUIRED = False
vars().update(passkeys_at("http://localhost"))
TIPS_DEMO_KEYS_ALLOWED = DEMO_ACCOUNTS_ALLOWED = True
DESK_PAGES_BY_SERVICE = TIP_FORM_BY_SERVICE = True
_FILES = Path(tempfile.mkdtemp(prefix="sapo-test-files-"))
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
MEDIA_ROOT = _FILES / "closed"
MESSAGES_DIR = _FILES / "messages"
RECORDS_HAND_OVER = False  # but for the tests of the records
RECORDS_ROOT = _FILES / "records"
SAID_ROOT = _FILES / "said"
RECORDS_SPOOL = _FILES / "records_spool"
EXPORTS_DIR = _FILES / "exports"
STORAGES = {
    **STORAGES,
    "public": {**STORAGES["public"], "OPTIONS": {"location": _FILES / "public"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
