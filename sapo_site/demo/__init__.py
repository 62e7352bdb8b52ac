"""The demo content, and what builds a site of it."""
