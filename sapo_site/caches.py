"""A cache on Redis or Valkey. If the server is gone the cache is empty, and nobody waits for it.

Django's own raises an error when the server is gone, and unpickles what it finds there.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ANSWERS_WITHIN_SECONDS = 0.2
_LEFT_ALONE_SECONDS = 5.0


class _Breaker:
    """Stops all threads from asking a server for some seconds after it did not answer."""

    def __init__(self) -> None:
        self._is_open = False
        self._until = 0.0

    def ask(self, question: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < self._until:
            return otherwise
        try:
            answer = question()
        except (OSError, RedisError) as error:
            self._until = time.monotonic() + _LEFT_ALONE_SECONDS
            if not self._is_open:
                logger.error(
                    "The shared cache does not answer (%s): on without", type(error).__name__
                )
            self._is_open = True
            return otherwise
        if self._is_open:
            logger.warning("The shared cache answers again")
            self._is_open = False
        return answer


_breaker = _Breaker()


class TolerantRedisCache(BaseCache):
    """Keeps only bytes, so that nothing from the server is ever unpickled."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._server = Redis.from_url(
            server,
            socket_connect_timeout=_ANSWERS_WITHIN_SECONDS,
            socket_timeout=_ANSWERS_WITHIN_SECONDS,
            retry=Retry(NoBackoff(), 1),  # the server may have closed an idle connection
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        name = self.make_and_validate_key(key, version)
        found = _breaker.ask(lambda: self._server.get(name), None)
        return default if found is None else found

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._set(key, value, timeout, version)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._set(key, value, timeout, version, only_new=True)

    def touch(
        self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        found = self.get(key, version=version)
        return found is not None and self._set(key, found, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version)
        return bool(_breaker.ask(lambda: self._server.delete(name), 0))

    def clear(self) -> None:
        _breaker.ask(lambda: self._server.flushdb(), False)

    def _set(
        self,
        key: Any,
        value: Any,
        timeout: float | None,
        version: int | None,
        *,
        only_new: bool = False,
    ) -> bool:
        if not isinstance(value, bytes):
            raise TypeError("Only bytes are kept in the shared cache.")
        name = self.make_and_validate_key(key, version)
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if seconds is not None and seconds < 1:
            return self.delete(key, version)
        ends = None if seconds is None else int(seconds)
        return bool(_breaker.ask(lambda: self._server.set(name, value, ex=ends, nx=only_new), None))
