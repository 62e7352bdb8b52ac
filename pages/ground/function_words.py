"""The small words of a language: they say little, and tell the language."""

# Words that do not say what a question is about.
_WORDS_BY_LANGUAGE = {
    "sv": """
        alla allt att av behöver berätta bli blir blev borde bör både dags de dem den denna deras det
        detta dig din ditt du där efter egentligen ej eller en er era ert ett finns fråga frågar från får
        få fått för ge ger gäller gör göra ha haft han har hen hennes hitta hittar hon hos hur här i in
        information inte ja jag just kan kom kommer kunna man med men mig min mina mitt mot måste ni nu
        någon något några när nån och också om oss på reda sa samt sig ska skulle som ta tar sfs så sådan
        till tycker under upp ut vad var vara vart varför verkligen vet veta vem vems vet vi vid vill
        vilka vilken vilket visst vår våra vårt än även är åt över
        """,
    "en": """
        a about all am an and any are as at be been by can could do does for from get has have how i if in
        info information is it me must my need no not of on or our please should so some tell than that the
        their them there they this to us want was we were what when where which who whom whose why will with
        would you your
        """,
}
FUNCTION_WORDS = {name: frozenset(words.split()) for name, words in _WORDS_BY_LANGUAGE.items()}
