from tests.browser.conftest import *  # noqa: F403  the same browser
