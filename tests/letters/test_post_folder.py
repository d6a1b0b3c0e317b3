"""Into a folder: each letter is one file, whole or not there."""

import os
from email import policy

import pytest

from letters import post
from tests.letters.posted import letter, no, send

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mail"


def test_a_folder_keeps_each_mail_as_one_file_named_after_its_id(folder):
    reply = send()

    assert reply == post.Reply(250, "kept as letter-1.1.eml")
    [kept] = folder.iterdir()
    assert kept.name == "letter-1.1.eml"
    assert kept.read_bytes() == letter().as_bytes(policy=policy.SMTP)


def test_the_same_letter_twice_leaves_one_file(folder):
    send()
    send()

    assert [kept.name for kept in folder.iterdir()] == ["letter-1.1.eml"]


def test_two_letters_never_share_a_file_and_no_id_leaves_the_folder(folder):
    for name in ["a/b", "a_b", "../../b", "..", "x" * 300]:
        send(letter(message_id=f"<{name}@example.com>"))

    names = [kept.name for kept in folder.iterdir()]
    assert len(names) == 5
    assert "a_b.eml" in names
    assert len(list(folder.parent.iterdir())) == 1


def test_the_handoff_is_asked_when_the_file_is_whole_and_not_yet_in_its_place(folder):
    seen = []

    def handoff(archived):
        [part] = folder.iterdir()
        seen.append((part.suffix, part.read_bytes()))
        return True

    send(handoff=handoff)

    assert seen == [(".part", letter().as_bytes(policy=policy.SMTP))]


def test_a_withdrawn_letter_leaves_no_file(folder):
    with pytest.raises(post.Withdrawn):
        send(handoff=no)

    assert list(folder.iterdir()) == []


def test_a_failing_handoff_leaves_no_file(folder):
    def handoff(archived):
        raise OSError("database gone")

    with pytest.raises(OSError, match="database gone"):
        send(handoff=handoff)

    assert list(folder.iterdir()) == []


def test_a_full_disk_is_worth_another_try_and_leaves_no_half_file(folder, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(post.Deferred, match="No space left"):
        send()

    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_worth_another_try(folder):
    folder.write_text("a file is in the way")

    with pytest.raises(post.Deferred, match="File exists"):
        send()
