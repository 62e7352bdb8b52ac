"""The move from other websites to this one: many files at once.

The command `import_pages` reads a `table`, a folder or a file, has each file read without the other
site's frame (`site_frame`, in the child by `former_page_job`), and makes pages of them by `import_steps`.
Asks the importer, the checks and the newsroom. Asked by nobody, so that it can be taken away when the
move is over (docs/operations.md). Redirections stay: they are the models'. Imports nothing here, since
the child does without the models.
"""
