"""What stands in place of a caller's number that nobody knows.

Callers withhold their number, networks do not pass it on, and systems then write a word
(``Anonymous``, ``unbekannt``), the word on a keypad (``+266696687``) or a dummy number
(``0000000000``). None of these is a caller, least of all one who calls again and again.
"""

from __future__ import annotations

import re
from typing import Final

from calltrack_nb.providers.values.spelling import without_accents

_KEYS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_ON_KEYPADS: Final = "anonymous restricted blocked unknown unavailable private withheld"
# Telephone networks spell these words on the keypad: +266696687 is ANONYMOUS.
KEYPAD_NUMBERS: Final = frozenset(f"+{word.translate(_KEYS)}" for word in _ON_KEYPADS.split())

# One of these words says it, ...
_SAY_NOTHING: Final = """
anonymous restricted blocked unknown unavailable private withheld hidden suppressed redacted
unlisted undisclosed unidentified masked wireless cellular payphone toll tollfree none secret
unbekannt unbekannte unbekannter anonym anonyme anonymer unterdrückt unterdrückte privat verborgen
verborgene geheim
inconnu inconnue masqué masquée privé privée caché cachée indisponible restreint
desconocido desconocida privado privada oculto oculta anónimo anónima restringido bloqueado ninguno
desconhecido desconhecida anônimo anônima restrito confidencial indisponível
sconosciuto sconosciuta privato privata anonimo anonima nascosto riservato
onbekend onbekende anoniem anonieme afgeschermd afgeschermde
nieznany prywatny zastrzeżony anonimowy ukryty
okänd okänt hemligt dolt ukjent ukendt skjult hemmelig hemmeligt
tuntematon salainen yksityinen bilinmeyen gizli özel
неизвестный неизвестен скрытый скрыт анонимный частный
非通知 非通知設定 通知不可能 公衆電話 表示圏外 不明
未知 未知号码 隐藏号码 私人号码 匿名 无 발신번호표시제한 알수없음
"""
# ... or a denial with one of these: "No Caller ID", "Rufnummer nicht übermittelt".
_DENY: Final = """
no not keine kein nicht non aucun aucune sans sin ningún não sem nenhum senza nessun nessuno
geen niet brak ingen inget
"""
_FILL: Final = """
caller callers call calls calling number numbers id cid name phone telephone line user party person
contact customer the by of is was available set given provided shown known disclosed specified
identified supplied sent free
rufnummer nummer anrufer anruf teilnehmer übermittelt verfügbar angezeigt angegeben
numéro appel appelant correspondant disponible communiqué renseigné identifié affiché
número llamada llamante llamador identificado mostrado de
chamada chamador disponível identificação
numero chiamata chiamante disponibile identificato disponibile
beller oproep beschikbaar nummerweergave
numer numara номер абонент
"""
_PHRASES: Final = ({"out", "of", "area"}, {"n", "a"}, {"cell", "phone"})

_NOTHING: Final = frozenset(without_accents(_SAY_NOTHING).split())
_DENIALS: Final = frozenset(without_accents(_DENY).split())
_FILLERS: Final = frozenset(without_accents(_FILL).split())


def is_withheld(text: str) -> bool:
    """Tell whether a caller's number says that it is withheld or not known.

    Every word of it must be about that: ``Private Dining Ltd`` is somebody, and so is ``No``.

    Examples
    --------
    >>> [is_withheld(text) for text in ("Restricted", "No Caller ID", "numéro masqué")]
    [True, True, True]
    >>> is_withheld("+266696687"), is_withheld("+14045551234"), is_withheld("Private Dining Ltd")
    (True, False, False)
    """
    if any(character.isdigit() for character in text):
        return text.strip() in KEYPAD_NUMBERS
    if text.strip() == "NA":  # as R writes it; Na is a surname
        return True
    words = set(re.findall(r"[^\W\d_]+", without_accents(text)))
    if words in _PHRASES or words - _NOTHING - _DENIALS - _FILLERS:
        return words in _PHRASES
    # "No" and "Sin" alone are surnames.
    return bool(words & _NOTHING) or bool(words & _DENIALS and words & _FILLERS)


def is_dummy(digits: str) -> bool:
    """Tell whether digits are a number that systems and people make up to fill a field.

    These are digits that end in seven zeros, nine or more times the same digit, and a
    count up from 0 or 1. Eight times the same digit is a real number in some countries.

    Examples
    --------
    >>> [is_dummy(text) for text in ("0000000000", "9999999999", "1234567890")]
    [True, True, True]
    >>> is_dummy("4045550123"), is_dummy("22222222")
    (False, False)
    """
    if set(digits) == {"0"} or digits.endswith("0000000"):
        return True
    if len(digits) >= 9 and len(set(digits)) == 1:
        return True
    return len(digits) >= 8 and digits in (
        "01234567890"[: len(digits)],
        "1234567890"[: len(digits)],
    )
