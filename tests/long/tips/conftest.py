"""The fixtures of the shorter files of the same names."""

from tests.integration.tips.conftest import *  # noqa: F403
from tests.integration.tips.test_desk_commands import (  # noqa: F401
    at,
    reachable,
    sound,
    spam,
    unread,
    with_photo,
)
from tests.integration.tips.test_desk_rewrap import newcomer  # noqa: F401
from tests.integration.tips.test_export_command import three  # noqa: F401
from tests.integration.tips.test_key_commands import (  # noqa: F401
    _locks_are_quick,
    no_network,
    stick,
    two_handlers,
)
