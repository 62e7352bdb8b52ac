"""Reads what somebody typed: what to look for, and which answers are better than others."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .thesaurus import Thesaurus
from .tokens import TokenQuery, Where, all_of, any_of, called, exact, stemmed, with_topic
from .vocabulary import Kin, kin_of
from .words import WORD, as_one, is_function_word, name_of, normal, stem, words_in

_MOST_TERMS = 10
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Term:
    """One thing to look for: a word, or several words that form a name ("nationellt centrum")."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    # Its other names, each as the stems of one or several words.
    others: tuple[tuple[str, ...], ...] = ()
    topics: tuple[int, ...] = ()
    # The site lacks this word. It was read as a compound of two words, which may be wrong.
    is_guessed: bool = False

    def exactly(self, where: Where) -> TokenQuery:
        return all_of(exact(where, word) for word in self.words)

    def in_any_form(self, where: Where) -> TokenQuery:
        return all_of(stemmed(where, each) for each in self.stems)

    def by_any_name(self, where: Where) -> TokenQuery:
        names = [all_of(stemmed(where, each) for each in other) for other in self.others]
        topics = [] if where == Where.TITLE else [with_topic(pk) for pk in self.topics]
        return any_of([self.in_any_form(where), *names, *topics])


@dataclass(frozen=True)
class Query:
    """What somebody looks for, in one language."""

    terms: tuple[Term, ...]
    language: str
    recommended: tuple[int, ...] = ()  # keys of the pages that editors recommend for it

    def questions(self) -> Iterator[TokenQuery]:
        """The questions to the index. The first has the best answers, the last finds everything.

        An entry with this very title comes first. A word in the title is worth more than in the
        lead, and there more than in the text. As it was typed it is worth more than in another
        form, and that more than another name.
        """
        if not self.terms:
            return
        in_title = any_of(term.in_any_form(Where.TITLE) for term in self.terms)
        several = len(self.terms) > 1

        def every(ask: Callable[[Term, Where], TokenQuery], where: Where) -> list[TokenQuery]:
            return [ask(term, where) for term in self.terms]

        asked: set[TokenQuery] = set()
        for parts in (
            [called(_stems(self.terms))],
            every(Term.exactly, Where.TITLE),
            every(Term.in_any_form, Where.TITLE),
            every(Term.by_any_name, Where.TITLE),
            [in_title, *every(Term.by_any_name, Where.LEAD)] if several else [],
            every(Term.exactly, Where.LEAD),
            every(Term.in_any_form, Where.LEAD),
            [in_title, *every(Term.by_any_name, Where.ANYWHERE)] if several else [],
            every(Term.by_any_name, Where.LEAD),
            every(Term.exactly, Where.ANYWHERE),
            every(Term.in_any_form, Where.ANYWHERE),
            every(Term.by_any_name, Where.ANYWHERE),
        ):
            if parts and (question := all_of(parts)) not in asked:
                asked.add(question)
                yield question


def read_query(
    typed: str, language: str, thesaurus: Thesaurus, *, is_being_typed: bool = False
) -> Query:
    """The query that was typed: its words, and the words of the site related to them."""
    found = [match.group() for match in WORD.finditer(normal(typed))]
    telling = [each for each in found if not is_function_word(each, language)] or found
    words = [as_one(each) for each in telling][:_MOST_TERMS]
    kin = kin_of(words, language)
    terms = [
        _term(word, each, its_kin, language, thesaurus)
        for word, each, its_kin in zip(words, telling, kin, strict=False)
    ]
    if terms and _may_go_on(typed) and (is_being_typed or not kin[-1].is_known):
        terms[-1] = _with(terms[-1], ((each,) for each in kin[-1].completions))
    recommended = thesaurus.pages_for(name_of(typed, language))
    return Query(tuple(_with_names(terms, thesaurus)), language, tuple(recommended))


def _term(word: str, found: str, kin: Kin, language: str, thesaurus: Thesaurus) -> Term:
    own = (stem(word, language),)
    # "icke-spridning" may also be written in two words.
    parts = tuple(stem(part, language) for part in words_in(found) if part != word)
    return _with(
        Term(
            (word,),
            own,
            topics=thesaurus.topics_named(own[0]),
            is_guessed=bool(kin.parts) and not kin.with_marks,
        ),
        [
            *([parts] if parts else []),
            *thesaurus.names_for(own),
            *kin.parts,
            *((each,) for each in [*kin.with_marks, *kin.compounds]),
        ],
    )


def _with(term: Term, others: Iterable[tuple[str, ...]]) -> Term:
    """The same term with more names."""
    more = dict.fromkeys([*term.others, *others])
    more.pop(term.stems, None)
    return replace(term, others=tuple(more))


def _with_names(terms: Sequence[Term], thesaurus: Thesaurus) -> Iterator[Term]:
    """The terms; several in a row that form a name become one."""
    start = 0
    while start < len(terms):
        length = next(
            (
                length
                for length in range(min(thesaurus.longest_name, len(terms) - start), 1, -1)
                if thesaurus.names_for(_stems(terms[start : start + length]))
            ),
            1,
        )
        some = terms[start : start + length]
        if length == 1:
            yield some[0]
        else:
            words = tuple(word for term in some for word in term.words)
            yield Term(words, _stems(some), tuple(thesaurus.names_for(_stems(some))))
        start += length


def _stems(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(each for term in terms for each in term.stems)


def _may_go_on(typed: str) -> bool:
    """Whether the last word may be unfinished; "FRA" is not, since it is an abbreviation."""
    last = typed.split()[-1]
    return len(last) >= _SHORTEST_BEGINNING and not last.isupper()
