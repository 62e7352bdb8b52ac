from tests.system.fault.conftest import *  # noqa: F403  the same server
from tests.system.fault.conftest import _interrupts_end_children  # noqa: F401
