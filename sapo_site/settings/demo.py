"""What `./sapo run` uses: as in production, but on loopback, with demo accounts."""

from django.core.management.utils import get_random_secret_key

from .base import *

DEMO = True

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


def _kept_secret_key() -> str:
    """The key drawn on the first start and kept in the data folder."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x") as file:
                path.chmod(0o600)
                file.write(get_random_secret_key())
        except FileExistsError:
            pass  # a process that started in the same moment drew it
    return path.read_text()


SECRET_KEY = _kept_secret_key()
