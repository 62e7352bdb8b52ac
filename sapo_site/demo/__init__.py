"""The demo content, and the code that builds a site from it."""
