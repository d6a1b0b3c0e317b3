import pytest

from letters import address

JANE = {"name": "Jane Ashworth", "street": "14 Harbour Terrace", "city": "Cardiff", "region": "", "postcode": ""}


def written(country, *, home="GB", **parts):
    return address.lines(**{**JANE, **parts}, country=country, home=home)


def test_a_letter_at_home_names_no_country():
    assert written("GB", postcode="CF10 5AL") == ("Jane Ashworth", "14 Harbour Terrace", "Cardiff", "CF10 5AL")


def test_a_letter_abroad_ends_with_the_country_in_english_capitals():
    assert written("GB", postcode="CF10 5AL", home="FI")[-1] == "UNITED KINGDOM"
    assert written("CI")[-1] == "IVORY COAST"
    assert written("KN")[-1] == "SAINT KITTS AND NEVIS"


def test_the_islands_whose_letters_are_at_home_in_our_post_are_not_abroad():
    assert written("JE", postcode="JE2 4UH")[2:] == ("Cardiff", "JERSEY", "JE2 4UH")
    assert written("IM", postcode="IM1 1AA")[2:] == ("Cardiff", "ISLE OF MAN", "IM1 1AA")
    assert written("IM", postcode="IM1 1AA", home="FI")[-1] == "ISLE OF MAN"


def test_without_a_country_the_address_is_at_home():
    assert written("", home="FI", postcode="00610", city="Helsinki")[-1] == "00610 Helsinki"


def test_what_was_typed_keeps_its_capitals():
    assert "Springfield, IL 62701" in written("US", city="Springfield", region="IL", postcode="62701")


@pytest.mark.parametrize(
    ("country", "typed", "printed"),
    [
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("FI", "FI-00610", "00610 Cardiff"),
        ("SE", "11122", "111 22 Cardiff"),
        ("SE", "SE-11122", "111 22 Cardiff"),
        ("SE", "SE-111 22", "111 22 Cardiff"),
        ("CH", "8001", "8001 Cardiff"),
        ("LV", "1010", "Cardiff, LV-1010"),
        ("LV", "LV-1010", "Cardiff, LV-1010"),
        ("LT", "LT-01100", "LT-01100 Cardiff"),
        ("NL", "1012ab", "1012 AB Cardiff"),
        ("IE", "W91X285", "W91 X285"),
        ("PL", "00950", "00-950 Cardiff"),
        ("GB", "nowhere", "nowhere"),
    ],
)
def test_a_postcode_is_written_as_its_post_office_writes_it(country, typed, printed):
    assert printed in written(country, postcode=typed, home="US")


def test_parts_that_are_missing_leave_neither_empty_lines_nor_commas():
    assert written("US", city="Springfield", postcode="62701") == (
        "Jane Ashworth",
        "14 Harbour Terrace",
        "Springfield 62701",
        "UNITED STATES",
    )
    assert written("US", city="", street="") == ("Jane Ashworth", "UNITED STATES")


def test_a_street_of_several_lines_keeps_them_without_trailing_commas():
    lines = written("GB", street="Flat 2,\r\n\r\nRose  Cottage ,\n14 Harbour Terrace")
    assert lines[1:4] == ("Flat 2", "Rose Cottage", "14 Harbour Terrace")


def test_a_japanese_address_keeps_its_city():
    own = written("JP", name="佐藤花子", street="千代田1-1", city="千代田区", region="東京都", postcode="1000001")
    assert own == ("〒100-0001", "東京都千代田区", "千代田1-1", "佐藤花子", "JAPAN")
    latin = written("JP", street="1-1 Chiyoda", city="Chiyoda-ku", region="Tokyo", postcode="100-0001")
    assert latin[1:] == ("1-1 Chiyoda", "Chiyoda-ku, Tokyo 100-0001", "JAPAN")


def test_a_chinese_address_is_accepted_as_it_is_typed():
    lines = written("CN", name="王芳", street="和平路1号", city="和平区", region="天津市", postcode="300000", home="CN")
    assert lines == ("300000", "天津市和平区", "和平路1号", "王芳")


@pytest.mark.parametrize(
    ("country", "parts", "last"),
    [
        ("BR", {"city": "São Paulo", "region": "SP", "postcode": "01409001"}, ("São Paulo - SP", "01409-001")),
        ("CN", {"city": "Hangzhou", "region": "Zhejiang", "postcode": "310013"}, ("Hangzhou, Zhejiang 310013",)),
        ("EE", {"city": "Haapsalu", "region": "Läänemaa", "postcode": "90503"}, ("90503 Haapsalu, Läänemaa",)),
        ("ES", {"city": "Alcalá", "region": "Madrid", "postcode": "28801"}, ("28801 Alcalá, Madrid",)),
        ("ES", {"city": "Madrid", "region": "Madrid", "postcode": "28013"}, ("28013 Madrid",)),
        ("KR", {"city": "Gangnam-gu", "region": "Seoul", "postcode": "06236"}, ("Gangnam-gu, Seoul 06236",)),
        ("KR", {"city": "Seoul", "region": "", "postcode": "06236"}, ("Seoul 06236",)),
        ("FR", {"city": "Lyon Cedex 03", "postcode": "69442"}, ("69442 Lyon Cedex 03",)),
        ("CA", {"city": "Montréal", "region": "QC", "postcode": "h3z2y7"}, ("Montréal QC H3Z 2Y7",)),
        ("AU", {"city": "Bondi Beach", "region": "NSW", "postcode": "2026"}, ("Bondi Beach NSW 2026",)),
        ("IN", {"city": "Bengaluru", "region": "Karnataka", "postcode": "560001"}, ("Bengaluru 560001", "Karnataka")),
        ("MX", {"city": "León", "region": "Gto.", "postcode": "37000"}, ("37000 León, Gto.",)),
        ("IT", {"city": "Milano", "region": "MI", "postcode": "20121"}, ("20121 Milano MI",)),
    ],
)
def test_town_and_postcode_stand_as_the_post_office_there_asks(country, parts, last):
    lines = written(country, **parts)
    assert lines[-1 - len(last) : -1] == last
    assert len(lines) == 3 + len(last)


def test_a_city_is_never_lost_and_never_said_twice():
    assert "Sharjah City" in written("AE", city="Sharjah City", region="Sharjah")
    assert written("AE", city="Dubai", region="Dubai").count("Dubai") == 1
    assert written("SG", city="Singapore", postcode="238801")[2:] == ("SINGAPORE 238801", "SINGAPORE")
    assert "Cardiff" in written("CI")


def test_a_country_that_does_not_exist_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="'QQ' is not the code of a country"):
        written("QQ")


POSTCODES = {"GB": "CF10 5AL", "LV": "1010", "CN": "300000", "SG": "238801", "GI": "GX11 1AA", "JP": "1000001"}


@pytest.mark.parametrize("country", ["GB", "US", "LV", "FI", "SA", "CN", "DE", "SG", "GI", "AE", "CI", "JP"])
def test_a_complete_address_can_be_posted_from_everywhere(country):
    for home in (country, "NO"):
        lines = written(country, region="Region", postcode=POSTCODES.get(country, "12345"), home=home)
        assert address.problems(lines, home=home) == []


@pytest.mark.parametrize("missing", ["street", "city"])
def test_an_address_without_street_or_town_cannot_be_posted(missing):
    for home in ("GB", "FI"):
        lines = written("GB", postcode="CF10 5AL", home=home, **{missing: ""})
        assert address.problems(lines) == ["The address lacks its street or its town."]


@pytest.mark.parametrize("postcode", ["", "nowhere", "12345"])
def test_an_address_without_the_postcode_of_its_country_cannot_be_posted(postcode):
    wanting = ["The address lacks its postcode, or has one that its country does not have."]
    assert address.problems(written("GB", postcode=postcode), home="GB") == wanting
    assert address.problems(written("GB", postcode=postcode, home="FI"), home="FI") == wanting


@pytest.mark.parametrize("country", ["AE", "IE", "QA", "HK", "SA"])
def test_a_country_that_can_do_without_postcodes_needs_none(country):
    assert address.problems(written(country, region="Region"), home="GB") == []


@pytest.mark.parametrize(
    "street",
    [
        "No fixed abode",
        "of no fixed address",
        "NFA",
        "n.f.a.",
        "bez noteiktas dzīvesvietas",
        "Ei vakinaista asuntoa",
        "vailla vakinaista asuntoa",
        "بدون عنوان ثابت",
        "居无定所",
        "目前无固定住所",
    ],
)
def test_no_fixed_abode_is_no_address_in_any_language(street):
    (found,) = address.problems(written("GB", street=street, postcode="CF10 5AL"), home="GB")
    assert "no fixed abode" in found
    assert "poste restante" in found


@pytest.mark.parametrize(
    "street", ["Poste Restante\nCardiff Post Office", "c/o Huggard Homeless Centre\nTresillian Terrace"]
)
def test_a_letter_can_be_posted_to_who_has_no_home_but_somewhere_to_collect_it(street):
    assert address.problems(written("GB", street=street, postcode="CF10 5AL"), home="GB") == []


def test_a_name_with_the_letters_nfa_in_it_is_no_missing_abode():
    assert address.problems(written("IT", street="Via Ninfa 3", city="Cenfara", postcode="00100")) == []


def test_six_lines_show_in_the_window_and_seven_do_not():
    six = written("GB", street="Flat 2\nRose Cottage", postcode="CF10 5AL", home="FI")
    assert len(six) == 6
    assert address.problems(six) == []
    seven = written("GB", street="Flat 2\nRose Cottage\nHarbour Terrace", postcode="CF10 5AL", home="FI")
    (found,) = address.problems(seven)
    assert found.startswith("The address has 7 lines; the window shows 6 at most. Write two of them as one")


@pytest.mark.parametrize("letter", ["a", "M", "王"])
def test_a_line_too_long_for_the_window_is_named(letter):
    room = {"a": 39, "M": 31, "王": 22}[letter]
    lines = written("GB", street=letter * room)
    assert address.problems(lines) == []
    longer = written("GB", street=letter * (room + 2))
    assert address.problems(longer) == [
        f"The address line “{letter * (room + 2)}” is too long for the window; break it in two."
    ]
