"""Makes articles of files: Word, HTML, Markdown and plain text.

The way of a file: `sniff` sees what it really is and how much of it is taken. `read` gives it to
`word`, `markdown`, `html` or `plain_text`, and all of them give back the same elements
(`documents`). `site_frame` takes away what a page copied whole brings along, `arrange` makes the
rest an `ImportedArticle`, with lists as the editor can hold them (`list_items`), `completeness` notes what it lacks, `link_targets` finds where its links
lead, and `build` makes a page with its images of it, or leaves nothing behind.

`reading_apart` has all but the last two done in a process of its own (`reading_job`), which hands back
the article (`carried`). Imports nothing here, since that process does without the models.

It asks the models, the blocks, the addresses and the images. The command `import_article` asks it;
so does the demo, for the links in its texts.
"""
