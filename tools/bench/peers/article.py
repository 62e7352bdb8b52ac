"""What the peers' article says: as much as ours, in as many blocks."""

PARAGRAPH = (
    "<p>Some states spy on others to learn what they plan, to steal what they have invented, or to "
    "make those who fled from them be silent. The officer has a diplomatic passport and works at an "
    "embassy. A lunch leads to a question that seems harmless, and in time the questions grow "
    'more. Read <a href="https://www.example.org/">what the law says</a> about it.</p>'
)
ORDER = ("first", "second", "third", "fourth", "fifth", "sixth")
PARAGRAPHS = [f"<h2>The {each}</h2>{PARAGRAPH * 2}<p>The {each} paragraph of the article.</p>"
              for each in ORDER]  # fmt: skip
