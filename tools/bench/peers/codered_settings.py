"""The project template's production settings; its cache of whole pages can be turned off."""

import os

from peer.settings.prod import *

ALLOWED_HOSTS = ["127.0.0.1"]
WAGTAIL_CACHE = os.environ.get("PEER_CACHE") != "0"
