"""The language of words that somebody else wrote down, told by the words themselves."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

# as Whisper writes them; of a language that nobody rings up in, a text of names is soon taken
_LANGUAGES: Final = """
af am ar as az ba be bg bn br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha he hi hr ht hu
hy id is it ja ka kk km kn ko la lb ln lo lt lv mg mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt
ro ru sa si sk sl sn so sq sr sv sw ta te tg th tk tl tr tt uk ur uz vi yo zh
"""
_NO_WORDS: Final = re.compile(r"\[[^\]]*\]|\*{3,}|\S*\d\S*")
# eight words of English
_LEAST_BYTES: Final = 40
_SURE: Final = 0.6


def written_language(text: str) -> str | None:
    """Return the language that a text is written in.

    Parameters
    ----------
    text : str
        What somebody says; figures and labels of hidden words do not count.

    Returns
    -------
    str or None
        A code of ISO 639 such as ``de``; None where there are too few words to tell, or
        words of several languages.

    Examples
    --------
    >>> written_language("Das ist mir zu teuer, ich muss erst mit meiner Frau sprechen.")
    'de'
    >>> written_language("Hi, this is Wolfgang from Düsseldorf, I ordered a Sachertorte.")
    'en'
    >>> written_language("Ja, am Samstag.")
    """
    words = " ".join(_NO_WORDS.sub(" ", text).split())
    if len(words.encode()) < _LEAST_BYTES:
        return None
    language, sure = _identifier().classify(words)
    return str(language) if sure >= _SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - half a second

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(_LANGUAGES.split())
    return found
