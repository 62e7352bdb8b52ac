"""Questions for the search with the pages that ought to answer them, one to a line.

question <tab> sv or en: the site on which it is asked <tab> addresses, the best first, blanks between.
An address is that of a page ("/en/news/") or "file:" and the name of a file.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from .servers import Failed

FOLDER = Path(__file__).parent / "questions"
SETS = ("first", "second")  # written by two who had not seen each other's, nor the search
LANGUAGES = ("sv", "en")
FILE = "file:"


class BadQuestions(Failed):
    """A file of questions that nothing can be measured by."""


@dataclass(frozen=True)
class Question:
    """What somebody types, and where it ought to lead; any of the addresses will do."""

    text: str
    language: str
    expected: tuple[str, ...]
    place: str = ""  # the file and the line that it stands on


def built_in() -> dict[str, list[Question]]:
    """Set -> its questions."""
    return {name: read(FOLDER / f"{name}.tsv") for name in SETS}


def read(path: Path) -> list[Question]:
    """The questions of a file; raises BadQuestions with the first line that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadQuestions(f"{path}: kan inte läsas: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadQuestions(f"{path}: är inte UTF-8") from error
    found: dict[tuple[str, str], Question] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            question = _question(line.rstrip("\r"), f"{path.name}, rad {number}")
            key = (question.text.casefold(), question.language)
            if key in found:
                raise BadQuestions(f"{question.place}: samma fråga som {found[key].place}")
            found[key] = question
    if not found:
        raise BadQuestions(f"{path}: har inga frågor")
    return list(found.values())


def check(questions: Sequence[Question], addresses: Container[str]) -> None:
    """Raises BadQuestions if a question is to lead to what the site does not have."""
    for question in questions:
        for address in question.expected:
            if address not in addresses:
                raise BadQuestions(f"{question.place}: {address} finns inte på webbplatsen")


def _question(line: str, place: str) -> Question:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != 3:
        raise BadQuestions(f"{place}: har {len(columns)} kolumner, inte tre med tabb emellan")
    text, language, addresses = columns
    if not text:
        raise BadQuestions(f"{place}: frågan är tom")
    if language not in LANGUAGES:
        raise BadQuestions(f"{place}: språket är ”{language}”, inte {' eller '.join(LANGUAGES)}")
    expected = tuple(addresses.split())
    if not expected:
        raise BadQuestions(f"{place}: ingen adress")
    for address in expected:
        if not address.startswith(("/", FILE)):
            raise BadQuestions(f"{place}: ”{address}” börjar varken med / eller {FILE}")
    return Question(text, language, expected, place)
