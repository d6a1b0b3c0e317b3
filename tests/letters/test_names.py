"""What of a name follows a title."""

import pytest

from letters import names


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Eleanor Whitcombe", "Whitcombe"),
        ("Eleanor J. Whitcombe", "Whitcombe"),
        ("J. R. R. Tolkien", "Tolkien"),
        ("J.R.R. Tolkien", "Tolkien"),
        ("J R Hartley", "Hartley"),
        ("Jean-Luc O’Brien-Smythe", "O’Brien-Smythe"),
        ("Vincent van der Berg", "van der Berg"),
        ("Aoife Ní Riagáin", "Ní Riagáin"),
        ("Ana de la Cruz", "de la Cruz"),
        ("Ursula von der Leyen", "von der Leyen"),
        ("Curtis Oyelaran, Ph.D.", "Oyelaran"),
        ("Curtis Oyelaran PhD", "Oyelaran"),
        ("Curtis Oyelaran MBE, MSc", "Oyelaran"),
        ("John Smith Jr.", "Smith"),
        ("Mr. John Smith", "Smith"),
        ("Prof. Dr. Anna Schmidt", "Schmidt"),
        ("Whitcombe, Eleanor", "Whitcombe"),
        ("Van der Berg, Vincent", "Van der Berg"),
        ("  Eleanor   Whitcombe ", "Whitcombe"),
        ("Sukarno", "Sukarno"),
        ("Jane LEE", "LEE"),
        ("Yo-Yo Ma", "Ma"),
        ("Yo-Yo MA", "MA"),
    ],
)
def test_the_family_name_follows_a_title_where_the_name_tells_it(name, called):
    assert names.after_title(name, language="en", country="GB") == called


@pytest.mark.parametrize(
    "name",
    [
        "Gabriel García Márquez",
        "María del Carmen García",
        "José García de la Cruz",
        "Eleanor Jane Whitcombe",
        "Maria Luísa dos Santos",
        "陆文博",
        "سالم راشد الكتبي",
        "Анна Петрова",
    ],
)
def test_the_whole_name_follows_a_title_where_it_does_not(name):
    assert names.after_title(name) == name


@pytest.mark.parametrize(
    ("name", "bearer"),
    [
        ("Lu Wenbo", {"country": "CN"}),
        ("Lu Wenbo", {"language": "zh-hans"}),
        ("Salem Alketbi", {"country": "AE"}),
        ("Salem Alketbi", {"language": "ar"}),
        ("Nagy Éva", {"country": "HU"}),
        ("Björk Guðmundsdóttir", {"country": "IS"}),
    ],
)
def test_a_name_of_another_custom_is_never_cut(name, bearer):
    assert names.after_title(name, **bearer) == name


@pytest.mark.parametrize(
    ("pattern", "name", "written"),
    [
        ("Ms {name}", "Eleanor Whitcombe", "Ms Eleanor Whitcombe"),
        ("Ms {name}", "Ms Eleanor Whitcombe", "Ms Eleanor Whitcombe"),
        ("Dr {name}", "Curtis Oyelaran, Ph.D.", "Dr Curtis Oyelaran"),
        ("Ms {name}", "Whitcombe, Eleanor", "Ms Eleanor Whitcombe"),
        ("{name}", "Curtis Oyelaran, Ph.D.", "Curtis Oyelaran, Ph.D."),
        ("Mr {name}", "陆文博", "陆文博"),
        ("{name}先生", "陆文博", "陆文博先生"),
        ("{name}女士", "Eleanor Whitcombe", "Eleanor Whitcombe"),
        ("السيدة {name}", "Eleanor Whitcombe", "Eleanor Whitcombe"),
        ("السيد {name}", "سالم راشد الكتبي", "السيد سالم راشد الكتبي"),
    ],
)
def test_a_title_stands_beside_a_name_of_its_own_script(pattern, name, written):
    assert names.titled(pattern, name) == written
