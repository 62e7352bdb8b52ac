"""The pictures of the demo site: drawn by code, the same every time."""

from .catalogue import PICTURES, Picture, draw, save

__all__ = ["PICTURES", "Picture", "draw", "save"]
