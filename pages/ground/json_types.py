"""What JSON holds, before anybody has looked."""

from typing import Any

# Whoever reads from it knows, or asks, what a key holds.
JsonObject = dict[str, Any]
