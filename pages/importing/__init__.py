"""Makes articles of files: Word, OpenDocument, HTML and plain text.

The way of a file: `sniff` sees what it really is and how much of it is taken. `read` gives it to
`word`, `open_document`, `html` or `plain_text`, and all of them give back the same elements
(`documents`). `arrange` makes them an `ImportedArticle`, with lists as the editor can hold them (`list_items`), `completeness` notes what it lacks, `link_targets` finds where its links
lead, and `build` makes a page with its images of it, or leaves nothing behind: an article, or below a list
of news a news item. `proof` then compares the document as it
was read with the page as it renders, by `proof_lines`, which share nothing with the way between them.

`reading_apart` has all but the last three done in a process of its own (`reading_job`), which hands back
the article (`carried`). Imports nothing here, since that process does without the models.

Asks `comparing`, for the lines of a page, `content`, `library` and `ground`.

Offers `arrange`, `build`, `carried`, `completeness`, `documents`, `edited_text`, `link_targets`,
`models`, `pasted`, `proof`, `read`, `reading_apart`, `reading_job`, `sniff`.
"""
