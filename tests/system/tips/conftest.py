from tests.integration.tips.conftest import *  # noqa: F403  the same handlers
