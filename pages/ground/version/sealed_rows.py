"""The seal of a row that is written once: over the fields that its recipe names, and the row before it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class _ToTheMicrosecond(DjangoJSONEncoder):
    """Django's encoder leaves the microseconds of a moment out, in which rows may differ."""

    def default(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        return super().default(value)


def seal_of(row: Any, recipe: int, former: str, names: Iterable[str]) -> str:
    """The hash over what the row says by these names, under this recipe, after the row with `former`."""
    said = [recipe, former, {name: getattr(row, name) for name in names}]
    text = json.dumps(
        said, cls=_ToTheMicrosecond, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
