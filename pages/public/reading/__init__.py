"""The views of visitors: pages, topics, feeds, sitemap, and what became of a missing page.

May ask `frame`, `store`, `models` and the rooms below them. Asked by `search`, `templatetags`,
`management` and `urls`, and by the settings for its middleware.
"""
