"""Limits how many messages one may send, as tips/form/limiter.py does with tips."""

from tips.form.limiter import Limiter


class Most:
    """Five from an address, 200 in all: of these half is held back for networks that have not sent."""

    LIMITER_SECONDS = 10 * 60
    MAX_PER_ADDRESS = 5
    MAX_IN_ALL = 200
    NETWORKS: dict[int, tuple[tuple[int, int], ...]] = {
        4: ((32, 1), (24, 4), (16, 12)),
        6: ((56, 1), (48, 4), (32, 12)),
    }
    HELD_BACK = 100
    MAX_HELD_BACK_PER_NETWORK = 2


senders = Limiter(Most())
