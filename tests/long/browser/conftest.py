from tests.browser.conftest import *  # noqa: F403  the same browser
from tests.browser.conftest import _chromium  # noqa: F401
