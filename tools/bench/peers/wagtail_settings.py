"""The project template's production settings, with what they leave to be filled in."""

from peer.settings.production import *

SECRET_KEY = "measured"
ALLOWED_HOSTS = ["127.0.0.1"]
