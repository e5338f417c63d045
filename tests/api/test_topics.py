"""`topics/`: only what readers find something under."""

from articles.publishing.refile import refile
from articles.publishing.withdraw import withdraw
from tests.factories import make_article, make_topic


def test_topics_count_their_published_articles_and_lead_to_them(people, publish, get_json):
    skin, hair = make_topic("Skin", "skin"), make_topic("Hair and scalp", "hair-and-scalp")
    publish(make_article(by=people.author, topics=[skin, hair]))
    publish(make_article(by=people.author, topics=[hair]))
    make_article(by=people.author, topics=[make_topic("Nails", "nails")])

    found = get_json("topics/")["results"]

    assert [(row["slug"], row["name"], row["articles"]) for row in found] == [
        ("hair-and-scalp", "Hair and scalp", 2),
        ("skin", "Skin", 1),
    ]
    assert [len(get_json(row["url"])["results"]) for row in found] == [2, 1]


def test_a_topic_without_articles_is_left_out(people, publish, get_json):
    page = publish(make_article(by=people.author, topics=[make_topic()]))
    other = publish(make_article(by=people.author, topics=[make_topic("Skin", "skin")]))

    withdraw(page=page, reason="other", by=people.editor)
    refile(page=other, slug=other.slug, topics=[], by=people.editor)

    assert get_json("topics/")["results"] == []


def test_one_query_is_all_it_takes(published, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get("topics/")
