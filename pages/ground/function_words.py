"""The small words of a language: they say little, and tell the language."""

# Words that do not say what a question is about.
_WORDS_BY_LANGUAGE = {
    "sv": """
        alla allt att av bara behöver berätta bli blir blivit blev borde brukar bör både dags de dem den
        denna deras det detta dig din ditt du där efter egentligen ej eller en er era ert ett fick finns
        fråga frågar från får få fått för ge ger gett gäller gör göra ha hade haft han har hen hennes hitta
        hittar hon hos hur här i in information innan inte ja jag just kan kom kommer kunde kunna man med
        men mig min mina mitt mot måste nej ni nu någon något några när nån och också om oss på reda redan
        sa samt sig sin sina sitt ska skulle som ta tar sfs så sådan till tycker under upp ut vad var vara
        vart varför verkligen vet veta vem vems vi vid vill vilka vilken vilket visst vår våra vårt än
        även är åt över
        """,
    "en": """
        a about all am an and any are as at be been by can could did do does for from get had has have he
        her his how i if in info information is it may me might must my need no not of on or our please she
        should so some someone something tell than that the their them there they this to us want was we
        were what when where which who whom whose why will with would you your
        """,
}
FUNCTION_WORDS = {name: frozenset(words.split()) for name, words in _WORDS_BY_LANGUAGE.items()}
