"""The encoding of a text, and the bytes that do not belong in one."""

# ruff: noqa: RUF001 - letters of many scripts are what this is about

from __future__ import annotations

import pytest

from calltrack_nb import providers
from calltrack_nb.errors import SourceError
from tests.providers.opened import HEADER, opened, row


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("cp1252", "Begoña|Muñoz|João|Conceição|Hélène|François|Noël|Åsa|Ångström|Müller|Groß"),
        ("cp1252", "Núria|Peñíscola|Gaëtan|Besançon|Évora|Guimarães|Malmö|Nørrebro|Weißwurst"),
        ("cp1252", "MUÑOZ|JOSÉ|O’Brien|10 €|£45|crème brûlée|Côté|São Paulo"),
        ("cp1250", "Wałęsa|Łódź|Kamiński|Świątek|Paweł|Częstochowa|Białystok|Szczęsny"),
        ("cp1250", "Dvořák|Růžička|Šárka|Jiří|Zdeněk|Žďár|Český Krumlov|Petőfi|Nagy Győző"),
        ("cp1250", "Kőszegi|Nyíregyháza|Đoković|Čakovec|Žilina|Constanţa"),
        ("cp1251", "Иванов|Мария|Пушкин|звонок|свадебный торт|Щербаков|Київ"),
        ("cp1254", "Şahin|Yılmaz|Gülşen|Ağaoğlu|Kadıköy|Tuğçe|cevapsız"),
        ("cp932", "山田|太郎|伊藤|木村拓哉|着信|ケーキ|ありがとう|ｹｰｷ|横浜市"),
        ("mac_roman", "Begoña|João|François|Müller|José"),
        ("cp1253", "Παπαδόπουλος|Ελένη"),
    ],
)
def test_one_word_tells_the_code_page(tmp_path, page, names):
    """A name with one letter beyond ASCII is read right, alone in its file."""
    for name in names.split("|"):
        found = opened(tmp_path, (HEADER + row(name)).encode(page))
        assert found.column("Name") == [name]
        assert "does not state its encoding" in found.remarks[0]


def test_many_numbers_with_a_word_of_another_script_are_one_word(tmp_path):
    """Lengths of time in Japanese, each another number, do not outvote the header."""
    names = "着信日時,相手先番号,区分,通話時間\n"
    lines = [f"2026/08/03 10:{n:02}:00,03-1234-56{n},発信,{n}分{n + 3}秒\n" for n in range(10, 60)]
    found = opened(tmp_path, (names + "".join(lines)).encode("cp932"))
    assert found.sheet.columns == tuple(names.strip().split(","))
    assert found.records[0][2:] == ["発信", "10分13秒"]


@pytest.mark.parametrize("page", ["cp932", "cp1251", "gb18030", "cp949"])
def test_letters_that_are_utf8_by_chance_do_not_make_the_file_so(tmp_path, page):
    """Some pairs of letters of other pages are letters of UTF-8 too."""
    name = {"cp932": "区分", "cp1251": "Сєр", "gb18030": "客户", "cp949": "고객"}[page]
    found = opened(tmp_path, (HEADER + row(name)).encode(page))
    assert found.column("Name") == [name]


def test_a_guess_names_its_rival(tmp_path):
    """Where another page is nearly as likely, its reading is shown too."""
    (remark,) = opened(tmp_path, (HEADER + row("ã")).encode("cp1252")).remarks
    assert "it may also be" in remark


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_with_and_without_a_mark(tmp_path, encoding):
    """Each form of Unicode is known for certain, so nothing is said of a guess."""
    found = opened(tmp_path, (HEADER + row("Zoë 山田")).encode(encoding))
    assert found.column("Name") == ["Zoë 山田"]
    assert found.remarks == []


@pytest.mark.parametrize("name", ["Zoë Ünlü", "山田", "🎂", "สมชาย", "Иван", "é"])
def test_stray_bytes_leave_the_rest_utf8(tmp_path, name):
    """One pasted byte of another page is mended, and the file's own letters stay whole."""
    content = (HEADER + row(name)).encode() + row("O’Brien").encode("cp1252")
    found = opened(tmp_path, content)
    assert found.column("Name") == [name, "O’Brien"]
    assert found.remarks == ["1 byte not in UTF-8, read as cp1252: “O’Brien”"]


def test_byte_order_marks_are_no_text_wherever_they_stand(tmp_path):
    """Files joined by their bytes have a mark in the middle, and some have two."""
    mark = "\ufeff"
    found = opened(tmp_path, mark + mark + HEADER + row("Ann") + mark + row("Ben"))
    assert found.sheet.columns[0] == "Call Status"
    assert found.column("Call Status") == ["Answered Call"] * 2


def test_a_stray_nul_is_left_out_and_said(tmp_path):
    """One NUL byte does not cost the file."""
    found = opened(tmp_path, (HEADER + row("A\x00nn")).encode())
    assert found.column("Name") == ["Ann"]
    assert found.remarks == ["1 NUL byte left out of the text"]


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 50, bytes(range(256)) * 4])
def test_binary_is_not_text(tmp_path, content):
    """Bytes that are no text in any encoding are refused as such."""
    with pytest.raises(SourceError, match="not text"):
        opened(tmp_path, content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_decoded_text_is_written_back_as_it_was(tmp_path, encoding):
    """Text and encoding together give the file again, its line ends included."""
    path = tmp_path / "log.csv"
    path.write_bytes("Name\r\nZoë Muñoz\n".encode(encoding))
    text, found = providers.decode_text(path)
    assert text.encode(found) == path.read_bytes()
