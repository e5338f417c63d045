"""Which of the pictures beside a text an address means."""

import pytest

from articles.errors import Unreadable
from articles.intake.beside import find_path, name_of, read_pictures
from tests.intake.readers.writing import zipped

UPLOADS = ("uploads/2021/05/knee.jpg", "uploads/2023/01/knee.jpg", "uploads/2023/01/hip.png")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://old.example/wp-content/uploads/2023/01/knee.jpg", "uploads/2023/01/knee.jpg"),
        ("https://old.example/wp-content/uploads/2021/05/knee-300x200.jpg", "uploads/2021/05/knee.jpg"),
        ("https://cdn.example/x/hip.png?w=640#top", "uploads/2023/01/hip.png"),
        ("images/HIP.PNG", "uploads/2023/01/hip.png"),
        ("https://old.example/knee.jpg", ""),
    ],
    ids=["address", "smaller size", "other folders", "relative", "two of that name"],
)
def test_the_path_with_most_of_its_folders_is_found(address, path):
    alike = [each for each in UPLOADS if name_of(each) == name_of(address)]

    assert find_path(address, alike) == path


@pytest.mark.parametrize(
    ("address", "path"), [("/u/knee-300x200.jpg", "u/knee-300x200.jpg"), ("/u/knee-800x600.jpg", "u/knee.jpg")]
)
def test_of_the_sizes_of_a_picture_its_own_is_taken_and_else_the_whole(address, path):
    assert find_path(address, ["u/knee.jpg", "u/knee-300x200.jpg", "u/knee-1024x768.jpg"]) == path


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("/uploads/Knee%20pain-300x200.jpg", "knee pain.jpg"),
        ("uploads/knee-scaled.JPG", "knee.jpg"),
        ("covid-19.png", "covid-19.png"),
        ("../../etc/knee.png", "knee.png"),
    ],
)
def test_the_name_is_the_same_for_each_size_and_way_of_writing(written, name):
    assert name_of(written) == name


def test_an_archive_gives_its_pictures_and_nothing_else():
    data = zipped(
        {"a/knee.jpg": b"1", "a/.hidden.png": b"2", "__MACOSX/a/knee.jpg": b"3", "readme.txt": b"4", "B.PNG": b"5"}
    )

    assert [(each.name, each.data) for each in read_pictures("u.zip", data)] == [("a/knee.jpg", b"1"), ("B.PNG", b"5")]
    assert [each.name for each in read_pictures("u.zip", data, without=["a/knee.jpg"])] == ["B.PNG"]


@pytest.mark.parametrize("data", [b"no archive", zipped({"a.png": b"1" * 50})[:-30]], ids=["none", "cut"])
def test_a_damaged_archive_says_what_to_do(data):
    with pytest.raises(Unreadable, match="Pack the pictures into a ZIP file again"):
        list(read_pictures("u.zip", data))


def test_a_picture_that_grows_without_end_is_refused():
    with pytest.raises(Unreadable, match="far too large"):
        list(read_pictures("u.zip", zipped({"a.png": b"\0" * 300_000_000})))
