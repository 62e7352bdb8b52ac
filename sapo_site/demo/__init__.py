"""The demo content and its pictures."""
