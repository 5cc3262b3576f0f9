"""Which code page the bytes of a text are of, told by the words that come out.

A file in a code page does not say in which. Read by another, ``Muñoz`` is ``Muńoz``:
just as valid, and a name nobody has. So the words with letters beyond ASCII are read by
every page and held against names, towns and words of the languages written in it: how
often one letter follows another there says how likely each reading is. One word mostly
suffices. The names and words are Faker's, with a few that logs of calls use.
"""

# ruff: noqa: RUF001 - the letters of many scripts are what this is about

from __future__ import annotations

import math
import pkgutil
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Final

import faker.providers

# Faker's name of each language's country, or several.
_LOCALES: Final = {
    "bg": ("bg_BG",), "cs": ("cs_CZ",), "da": ("da_DK",), "de": ("de_DE",), "el": ("el_GR",),
    "en": ("en_US",), "es": ("es_ES", "es_MX"), "et": ("et_EE",), "fi": ("fi_FI",),
    "fr": ("fr_FR",), "ga": ("ga_IE",), "hr": ("hr_HR",), "hu": ("hu_HU",), "is": ("is_IS",),
    "it": ("it_IT",), "ja": ("ja_JP",), "ko": ("ko_KR",), "lt": ("lt_LT",), "lv": ("lv_LV",),
    "nl": ("nl_NL",), "no": ("no_NO",), "pl": ("pl_PL",), "pt": ("pt_PT", "pt_BR"),
    "ro": ("ro_RO",), "ru": ("ru_RU",), "sk": ("sk_SK",), "sl": ("sl_SI",), "sv": ("sv_SE",),
    "tr": ("tr_TR",), "uk": ("uk_UA",), "zh": ("zh_CN",), "zh-hant": ("zh_TW",),
}  # fmt: skip
# Words of logs and letters that Faker has few of; those that stand alone count more.
_WORDS: Final = {
    "cs": "Ondřej příchozí zmeškaný hovor číslo délka kampaň jméno neděle úterý čtvrtek září",
    "da": "møde måned år på købe spørgsmål lørdag søndag første",
    "de": "für über März Größe Straße Rückruf Gespräch größer natürlich hören Übersicht Köln",
    "en": "café naïve résumé Zoë Chloë Renée piñata crème brûlée O’Brien don’t it’s Mother’s",
    "es": "número teléfono duración dirección campaña señor mañana perdida contestó día año",
    "fi": "päivä kesäkuu vastattu lähtevä tänään Jyväskylä Hämäläinen Mäkinen",
    "fr": "à à à où été téléphone durée numéro appelé manqué répondu français très déjà noël",
    "hu": "bejövő fogadott hívás időtartam szám hétfő szerdán őszi tűz nő hölgy Jenő Ernő Győr",
    "it": "è è à perché città così già più attività lunedì papà caffè Niccolò Forlì",
    "ja": "着信 発信 不在着信 応答 応答なし 通話時間 通話開始 電話番号 番号 名前 氏名 予約 "
    "留守番電話 非通知 区分 種別 結果 状態 日時 日付 時刻 相手先 自局 内線 外線 拠点 担当者 "
    "備考 経路 株式会社 様 年 月 日 時 分 秒 回 件 円 秒間 午前 午後 有 無 誕生日 ケーキ 注文 "
    "広告 検索 問い合わせ お客様 "
    "です ます した はい ありがとう ございます",
    "ko": "전화 부재중 통화 번호 이름 시간 시 분 초 수신 발신 응답 날짜 고객 결과 상태",
    "nl": "één reünie coördinatie België geïnteresseerd",
    "no": "måned år på lørdag søndag besøk kjøp spørsmål Bjørn Øystein Tromsø Ålesund",
    "pl": "połączenie odebrane długość źródło imię miesiąc środa piątek źle ćma Gdańsk Łódź",
    "pt": "é é à não não você são atenção ligação duração campanha irmão coração ação maçã",
    "ro": "durată răspuns lună sâmbătă București Ștefan Ionuț și în bună ziua Țurcanu",
    "ru": "входящий исходящий пропущенный звонок номер длительность имя заказ да нет торт",
    "sk": "prichádzajúci zmeškaný hovor číslo dĺžka kampaň nedeľa štvrtok Ľubomír Ľudmila",
    "sv": "från till någon själv också två år måndag lördag Göteborg Malmö Örebro Åberg ö å",
    "tr": "çağrı cevapsız süre müşteri görüşme şube salı ağustos doğum günü için gün çok",
    "uk": "вхідний вихідний пропущений дзвінок тривалість джерело Київ Іван",
    "zh": "来电 未接 已接 电话 号码 时间 时长 通话 年 月 日 时 分 秒 客户 姓名 状态 结果 呼入 呼出",
    "zh-hant": "來電 未接 已接 電話 號碼 時間 通話 年 月 日 時 分 秒 客戶 姓名 狀態 結果",
}  # fmt: skip
_WEST: Final = ("es", "fr", "pt", "de", "sv", "no", "da", "fi", "it", "nl", "en")
_CENTRAL: Final = ("pl", "cs", "sk", "hu", "hr", "sl", "ro")


@dataclass(frozen=True, slots=True)
class CodePage:
    """A code page and how often files are in it.

    Parameters
    ----------
    codec : str
        Python's name.
    title : str
        What people call it.
    languages : tuple of str
        Those whose words it is judged by.
    share : float
        Of the files that are in any of the pages.
    """

    codec: str
    title: str
    languages: tuple[str, ...]
    share: float


PAGES: Final = (
    CodePage("cp1252", "Western European", (*_WEST, "is", "ga"), 0.5),
    CodePage("cp1250", "Central European", _CENTRAL, 0.12),
    CodePage("cp1251", "Cyrillic", ("ru", "uk", "bg"), 0.1),
    CodePage("cp932", "Japanese", ("ja",), 0.06),
    CodePage("cp1254", "Turkish", ("tr",), 0.05),
    CodePage("mac_roman", "Western European of the Macintosh", _WEST, 0.03),
    CodePage("cp850", "Western European of DOS", _WEST, 0.03),
    CodePage("cp1253", "Greek", ("el",), 0.02),
    CodePage("cp1257", "Baltic", ("lt", "lv", "et"), 0.02),
    CodePage("iso8859_2", "Central European of ISO", _CENTRAL, 0.02),
    CodePage("gb18030", "Simplified Chinese", ("zh",), 0.02),
    CodePage("cp949", "Korean", ("ko",), 0.02),
    CodePage("big5", "Traditional Chinese", ("zh-hant",), 0.01),
    CodePage("koi8_r", "Cyrillic of Unix", ("ru",), 0.005),
)
_EVERY: Final = tuple(_LOCALES)
_MOST_WORDS: Final = 400
_UNDECODABLE: Final = -25.0
# A page that is at most twenty times less likely is a rival.
_NEAR: Final = math.log(20)

# How often a mark stands in a text where a letter could; of others, hardly ever.
_MARKS: Final = (
    dict.fromkeys("’–°€£\xa0", 0.01)
    | dict.fromkeys("‘“”—…®©™·•ºª№、。・（）「」々ー　", 0.003)
    | dict.fromkeys("«»¿¡½²³¼¾´„×", 0.001)
    | dict.fromkeys("@[\\]^`{|}~", 0.001)
    | dict.fromkeys("'.-", 1.0)
)
_RARE_MARK: Final = 2e-6
_BEFORE_WORDS: Final = "’‘“„«¿¡–—…·•（「、。・'.-\xa0　"
# From here on letters stand beside digits and marks as they do beside each other.
_IDEOGRAPHS: Final = "\u2e80"
# A letter after a digit or a mark; a capital within a word.
_ODD: Final = math.log(0.02)
_INNER_CAPITAL: Final = math.log(0.002)
_CAPITALS: Final = math.log(0.1)
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest code page, and another that is nearly as likely and reads otherwise."""

    page: CodePage
    rival: CodePage | None


def guess_code_page(words: Sequence[bytes]) -> Guess:
    """Choose the code page by which words with letters beyond ASCII read best.

    Parameters
    ----------
    words : sequence of bytes
        Stretches of the text, each with at least one byte above 127.

    Examples
    --------
    >>> guess_code_page(["Muñoz".encode("cp1252")]).page.codec
    'cp1252'
    >>> guess_code_page(["Kamiński".encode("cp1250")]).page.codec
    'cp1250'
    """
    # Words that differ in their digits only say the same again.
    words = [*dict.fromkeys(re.sub(rb"[0-9]+", b"0", word) for word in words)]
    words = words[:: max(1, len(words) // _MOST_WORDS)]
    scores = {page: _score(words, page) for page in PAGES}
    best, *others = sorted(PAGES, key=scores.__getitem__, reverse=True)
    text = _read(words, best)
    near = (page for page in others if scores[best] - scores[page] < _NEAR)
    return Guess(best, next((page for page in near if _read(words, page) != text), None))


def _read(words: Sequence[bytes], page: CodePage) -> list[str]:
    return [word.decode(page.codec, "replace") for word in words]


def likelihood(text: str, languages: Collection[str] = _EVERY) -> float:
    """Return the logarithm of how likely a text is, in any of some languages."""
    found = [_in_language(text, language) for language in languages]
    best = max(found)
    return best + math.log(sum(math.exp(one - best) for one in found) / len(found))


def _score(words: Sequence[bytes], page: CodePage) -> float:
    total = math.log(page.share)
    for word in words:
        try:
            total += likelihood(word.decode(page.codec), page.languages)
        except UnicodeDecodeError:
            total += _UNDECODABLE + len(word) * math.log(0.05)
    return total


def _in_language(text: str, language: str) -> float:
    letters = _letters(language)
    total = 0.0
    before = ""
    for token in _TOKEN.findall(text):
        if token.isdecimal():
            total += _ODD if before.isalpha() and before < _IDEOGRAPHS else 0.0
        elif token[0].isalpha() and token[-1].isalpha():
            total += letters.word(token) + _case(token)
            apart = not before or before in _BEFORE_WORDS or token[0] >= _IDEOGRAPHS
            total += 0.0 if apart else _ODD
        else:
            total += sum(math.log(_MARKS.get(mark, _RARE_MARK)) for mark in token)
            total += _ODD if before.isalpha() and not token.isascii() else 0.0
        before = token[-1]
    return total


def _case(word: str) -> float:
    """Charge a word in capitals, and more one with capitals and small letters mixed."""
    upper = [letter.isupper() for letter in word if letter.lower() != letter.upper()]
    if len(upper) > 1 and all(upper):
        return _CAPITALS
    return _INNER_CAPITAL if any(upper[1:]) else 0.0


@dataclass(frozen=True, slots=True)
class _Letters:
    """How often one letter follows another in a language's words beyond ASCII."""

    single: Counter[str]
    pairs: Counter[str]
    before: Counter[str]
    total: int
    once: int

    def word(self, word: str) -> float:
        """Return the logarithm of how likely a word is."""
        bounded = f"^{_folded(word)}$"
        return sum(self._follows(a, b) for a, b in pairwise(bounded))

    def _follows(self, a: str, b: str) -> float:
        # As often as letters stand once only, the next one is new.
        unseen = (50 + self.once) / (self.total + 60)
        alone = (self.single[b] + 0.3 * b.isascii()) / (self.total + 60) + unseen / 3000
        weight = 5
        return math.log((self.pairs[a + b] + weight * alone) / (self.before[a] + weight))


@cache
def _letters(language: str) -> _Letters:
    words = [word for word in {*_faker_words(language)} if not word.isascii()]
    words += 3 * [word for word in _split(_WORDS.get(language, "")) if not word.isascii()]
    bounded = [f"^{word}$" for word in words]
    pairs = Counter(a + b for word in bounded for a, b in pairwise(word))
    single, before = Counter[str](), Counter[str]()
    for pair, count in pairs.items():
        before[pair[0]] += count
        single[pair[1]] += count
    once = sum(count == 1 for count in single.values())
    return _Letters(single, pairs, before, single.total(), once)


def _faker_words(language: str) -> Iterator[str]:
    for locale in _LOCALES[language]:
        for kind in ("person", "address", "lorem", "company", "job"):
            package = import_module(f"{faker.providers.__name__}.{kind}")
            if locale in {module.name for module in pkgutil.iter_modules(package.__path__)}:
                provider = import_module(f"{package.__name__}.{locale}").Provider
                for name, value in vars(provider).items():
                    if not name.startswith("_"):
                        yield from _split(" ".join(_texts(value)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts((*value, *value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _split(text: str) -> list[str]:
    return [_folded(word) for word in _TOKEN.findall(text) if word[0].isalpha()]


def _folded(word: str) -> str:
    """Return a word in small letters, as the code pages can write it."""
    if _HALF_WIDTH.search(word):
        word = unicodedata.normalize("NFKC", word)
    return word.casefold().translate(_FOLDED)


_HALF_WIDTH: Final = re.compile("[\uff61-\uff9f]")
# The code page of Romanian has the letters with a cedilla only.
_FOLDED: Final = str.maketrans("șț’", "şţ'")
