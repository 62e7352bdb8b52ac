"""Sessions in a database that shows nobody a key: whoever reads the table can open none."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone


class HashedKeySessionStore(SessionStore):
    """Django's own, but the database has the hash of the key that the browser has."""

    def load(self) -> dict[str, Any]:
        kept = self.model.objects.filter(expire_date__gt=timezone.now())
        found = kept.filter(session_key=hashed_key(self.session_key)).first()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found.session_data)

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        instance = super().create_model_instance(data)
        instance.session_key = hashed_key(instance.session_key)
        return instance

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(hashed_key(key))


def hashed_key(key: str | None) -> str:
    """What the database has of a key."""
    # The column has room for forty characters.
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]
