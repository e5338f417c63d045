"""*Help* shows our guides, whose links and pictures work there as they do in the repository."""

import re

import pytest
from django.urls import reverse

from articles.admin.guides.views import FOLDER, GUIDES, as_html

pytestmark = pytest.mark.django_db
ANCHOR = re.compile(r'href="([^"]*)"')


def guide(name: str) -> str:
    return reverse("articles_guide", args=[name])


@pytest.mark.parametrize("name", GUIDES)
def test_everyone_who_works_here_finds_each_guide_in_the_menu(login, people, name):
    for user in (people.author, people.editor, people.reviewer):
        client = login(user)

        page = client.get(guide(name)).content.decode()

        assert f'"{guide(name)}"' in client.get("/admin/").content.decode()
        assert GUIDES[name] in page
        assert "What's new in Wagtail" not in page


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_of_a_guide_leads_to_a_place_that_is_there(login, people, name):
    client = login(people.author)

    for address in ANCHOR.findall(as_html(name)):
        path, _, place = address.partition("#")
        if not path.startswith("https://"):
            page = client.get(path or guide(name))
            assert page.status_code == 200, address
            assert not place or f'id="{place}"' in page.content.decode(), address


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_loses_no_word_and_shows_each_picture(login, people, name):
    client, written = login(people.author), (FOLDER / f"{name}.md").read_text(encoding="utf-8")

    pictures = re.findall(r'src="([^"]*)"', as_html(name))

    assert [path.rsplit("/", 1)[1] for path in pictures] == re.findall(r"images/([\w-]+\.png)", written)
    assert all(client.get(path)["Content-Type"] == "image/png" for path in pictures)
    shown = re.sub(r"<[^>]*>", "", as_html(name))
    assert "](" not in shown and "**" not in shown


@pytest.mark.parametrize("path", ["operators/", "images/none.png", "none/"])
def test_what_is_no_guide_is_not_found(login, people, path):
    assert login(people.author).get(f"/admin/guides/{path}").status_code == 404


def test_strangers_read_no_guide(client):
    assert client.get(guide("editors")).status_code == 302
