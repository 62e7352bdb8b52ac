"""Work on what came from outside, in a process of its own.

`parent.ask_child` starts `child`, which bounds itself, loads the room that knows the work, and answers in
JSON. Whatever a file does to it ends with it. `steps` says how far it has come. Asks no other room. Asked by
`virus_scanner`, `cleaning`, `library`, `importing` and `editing`. Imports nothing here, since the child does without Django.
"""
