"""Work on what came from outside, in a process and, in production, as a user of its own.

`parent.ask_child` sends files over a `line` to `child`, which bounds itself, loads the room that knows the work, and
answers in JSON and files. systemd starts it (deploy/sapo-reader@.service), else `started`. Whatever a file does to it
ends with it. Asks no other room. Asked by `cleaning`, `library`, `importing` and `newsdesk`. Imports nothing
here, since the child does without Django.
"""
