"""The demo content and the pictures that go with it."""
