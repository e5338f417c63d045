"""The evidence pack: it answers for a moment, anybody can verify it, and one changed byte is found."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.admin.evidence import verify_pack
from articles.admin.evidence.moment import NothingLive
from articles.admin.evidence.pack import make_pack, zipped
from articles.admin.evidence.question import NotAnswerable, Question, find_article, read_moment
from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.publishing.erase import erase
from articles.publishing.withdraw import withdraw
from articles.record.models import Document, Edition, Event
from articles.record.vocabulary import Role
from articles.review.models import Policy
from tests.factories import make_article, make_user, sign_as
from tests.record.conftest import make_history

FILES = {
    "README.txt",
    "article.html",
    "documents/edition-1-medical.json",
    "documents/edition-1-presentation.json",
    "documents/medical.json",
    "documents/presentation.json",
    "history.txt",
    "keys.json",
    "ledger.jsonl",
    "log.json",
    "manifest.json",
    "pack.json",
    "signoffs.json",
    "verify_pack.py",
}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """A history made once for this file, in an outer transaction; each test runs in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_history()
        transaction.set_rollback(True)


@pytest.fixture
def article(made, db):
    """One with two editions, an offer, a disclaimer and a picture."""
    return ArticlePage.objects.get(pk=made.article)


@pytest.fixture
def people(made, db):
    return made.people


@pytest.fixture
def pack(article):
    return make_pack(Question(article.article_id)).content


def files_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        return {name: found.read(name) for name in found.namelist()}


def text_of(pack: bytes, name: str) -> str:
    return files_of(pack)[name].decode()


def edition(article, number: int) -> Edition:
    return Edition.objects.get(subject=article.article_id, number=number)


def run(capsys, *arguments) -> str:
    call_command("evidence_pack", *map(str, arguments))
    return capsys.readouterr().out


def refused(*arguments) -> CommandError:
    with pytest.raises(CommandError) as caught:
        call_command("evidence_pack", *map(str, arguments))
    return caught.value


def test_a_pack_holds_the_signed_bytes_of_the_edition_and_of_what_stood_beside_it(article, pack):
    files = files_of(pack)

    components = {name for name in files if name.startswith(("documents/offer-", "documents/disclaimer-"))}
    assert set(files) - components == FILES
    assert len(components) == 2
    for part, digest in edition(article, 2).digests.items():
        assert files[f"documents/{part}.json"] == bytes(Document.objects.get(digest=digest).content)


def test_the_verifier_accepts_a_good_pack_and_says_so(pack, tmp_path):
    (tmp_path / "pack.zip").write_bytes(pack)

    done = subprocess.run(
        [sys.executable, "-I", verify_pack.__file__, tmp_path / "pack.zip"], capture_output=True, text=True
    )

    first, *notes = done.stdout.splitlines()
    assert (done.returncode, first) == (0, "The pack is valid: nothing was changed.")
    assert any("You named no key of the organisation" in note for note in notes)
    assert any("(Dr Ada Reviewer, medical, medical part) was given with a password" in note for note in notes)


def test_the_verifier_shares_no_code_with_the_project():
    source = Path(verify_pack.__file__).read_text()

    imported = set(re.findall(r"^(?:import|from) (\w+)", source, re.M))

    assert imported <= set(sys.stdlib_module_names)
    assert set(re.findall(r"^ +(?:import|from) (\w+)", source, re.M)) == {"cryptography"}


def repacked(files: dict[str, bytes]) -> bytes:
    """As somebody would who changes a file and makes the manifest anew."""
    return zipped({name: content for name, content in files.items() if name != "manifest.json"})


def test_one_flipped_byte_anywhere_in_the_zip_is_found(pack):
    places = sorted(
        {*range(0, len(pack), max(1, len(pack) // 150)), *range(len(pack) - 100, len(pack), 3), *range(0, 60, 2)}
    )

    unseen = [at for at in places if not verify_pack.verify(flipped(pack, at))]

    assert unseen == []


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_one_flipped_byte_in_each_file_is_found(pack):
    files = files_of(pack)

    unseen = [
        name
        for name, content in files.items()
        if not verify_pack.verify(raw_zip(files | {name: flipped(content, len(content) // 2)}))
    ]

    assert unseen == []


def raw_zip(files: dict[str, bytes]) -> bytes:
    return verify_pack.make_zip(files)


@pytest.mark.parametrize(
    "name",
    ["documents/medical.json", "documents/presentation.json", "signoffs.json", "pack.json", "log.json", "keys.json"],
)
def test_a_byte_that_was_flipped_in_evidence_is_found_though_the_manifest_was_made_anew(pack, name):
    files = files_of(pack)
    content = files[name]
    said = range(0, len(content), max(1, len(content) // 90))

    unseen = [at for at in said if not verify_pack.verify(repacked(files | {name: flipped(content, at)}))]

    assert [content[max(0, at - 30) : at + 10] for at in unseen if not is_reading_aid(content, at)] == []


def is_reading_aid(content: bytes, at: int) -> bool:
    """The question (`as_of`): another moment with the same answer is no finding. And why a key was revoked. The
    manifest alone covers them."""
    return bool(re.search(rb'"(?:as_of|reason)":"[^"]*$', content[:at]))


def test_a_byte_that_was_flipped_in_each_region_of_a_ledger_line_is_found_though_the_manifest_was_made_anew(pack):
    files = files_of(pack)
    content = files["ledger.jsonl"]
    whole = max((line for line in content.split(b"\n") if b'"kind"' in line), key=len)
    start = content.index(whole)

    unseen = [
        at
        for at in range(start, start + len(whole) + 1)
        if not verify_pack.verify(repacked(files | {"ledger.jsonl": flipped(content, at)}))
    ]

    assert unseen == []


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_a_file_that_was_taken_out_is_found(pack, name):
    files = files_of(pack)
    del files[name]

    assert verify_pack.verify(raw_zip(files))


def test_a_line_of_the_ledger_that_was_taken_out_is_found(pack):
    files = files_of(pack)
    lines = files["ledger.jsonl"].split(b"\n")

    found = verify_pack.verify(repacked(files | {"ledger.jsonl": b"\n".join(lines[:3] + lines[4:])}))

    assert any("the chain is broken" in finding for finding in found)


def test_a_pack_that_answers_for_a_moment_after_the_withdrawal_is_found(article, people):
    at = timezone.now()
    withdraw(page=fresh(article), reason="safety", by=people.editor)
    files = files_of(make_pack(Question(article.article_id, as_of=at)).content)
    facts = json.loads(files["pack.json"]) | {"as_of": "2999-01-01T00:00:00.000000Z"}

    found = verify_pack.verify(repacked(files | {"pack.json": verify_pack.canonical(facts) + b"\n"}))

    assert any("(withdrawn) ended the edition before the moment" in finding for finding in found)


def fresh(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def test_the_same_question_gives_the_same_bytes(article):
    question = Question(article.article_id, as_of=timezone.now())

    here = make_pack(question)
    with timezone.override("Asia/Tokyo"):  # as Wagtail does for somebody who lives there
        assert make_pack(question) == here


def test_lines_of_other_articles_stand_by_their_hashes_alone(people, publish, article):
    publish(make_article(by=people.author, title="Quite another matter"))

    pack = make_pack(Question(article.article_id)).content
    lines = [json.loads(line) for line in files_of(pack)["ledger.jsonl"].splitlines()]

    assert lines[-1]["number"] == Event.objects.order_by("-number").first().number
    assert "kind" not in lines[-1]
    assert b"another-matter" not in pack
    assert verify_pack.verify(pack) == []


def test_sign_offs_are_told_in_words_with_name_role_time_and_meaning(pack):
    said = text_of(pack, "article.html")

    for words in ("<strong>Dr Ada Reviewer, MD</strong>", "Medical reviewer", "I have read", "the whole text", "UTC"):
        assert words in said
    assert "size: A4" in said


def test_the_history_tells_each_line_about_the_article_in_a_sentence(article, pack):
    lines = text_of(pack, "history.txt").splitlines()

    own = Event.objects.filter(subject=article.article_id)
    assert {line.number for line in own} <= {int(line.partition(" | ")[0]) for line in lines}
    assert any("Dr Ada Reviewer | Edition 2 was published at “" in line for line in lines)
    assert any("Offer: Edition 1 of the offer was published." in line for line in lines)


def test_the_article_is_one_file_that_loads_nothing_from_elsewhere(article, pack):
    html = text_of(pack, "article.html")

    assert 'src="data:image/' in html
    assert "A second text." in html
    assert not re.search(r'(?:src|srcset)="(?!data:)|<link|url\(|<script|@import', html)


def test_an_earlier_edition_is_shown_with_its_own_texts(article):
    pack = make_pack(Question(article.article_id, edition=1)).content

    assert json.loads(files_of(pack)["documents/medical.json"])["summary"] != "A second text."
    assert "edition 1" in text_of(pack, "article.html")
    assert verify_pack.verify(pack) == []


def test_a_moment_between_two_editions_is_answered_with_the_first(article):
    at = edition(article, 2).published_at - timedelta(microseconds=1)

    facts = json.loads(files_of(make_pack(Question(article.article_id, as_of=at)).content)["pack.json"])

    assert facts["edition"] == 1


def test_what_stood_beside_the_text_is_of_that_moment_though_it_changed_since(article, people):
    at = timezone.now()
    offer = Offer.objects.get()
    offer.label = "Talk to somebody"
    offer.save()
    offer.save_revision(user=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)

    before, after = (
        text_of(make_pack(Question(article.article_id, as_of=moment)).content, "article.html")
        for moment in (at, timezone.now())
    )

    assert "Book a consultation" in before
    assert "Talk to somebody" in after


def test_before_the_first_publication_nothing_was_live_and_it_says_when_that_came(article):
    at = edition(article, 1).published_at - timedelta(seconds=1)

    with pytest.raises(NothingLive, match=r"not available to readers. It was published for the first time on"):
        make_pack(Question(article.article_id, as_of=at))


def test_after_a_withdrawal_nothing_was_live_and_it_says_who_took_it_back_and_why(article, people):
    withdraw(page=fresh(article), reason="safety", by=people.editor)

    with pytest.raises(
        NothingLive, match=r"by editor: Withdrawn from readers. Reason: safety. Readers see: .*safety reasons"
    ):
        make_pack(Question(article.article_id))


def test_an_article_that_policy_withholds_was_not_live_once_its_grace_had_ended(people, publish):
    Policy.objects.filter(kind="medical").update(after_grace="withhold", grace_days=1)
    page = publish(make_article(by=people.author))
    standing = edition(page, 1).published_at + timedelta(days=3 * 366 + 10)

    with pytest.raises(NothingLive, match="its policy withheld it from"):
        make_pack(Question(page.article_id, as_of=standing))


def test_an_erased_text_is_said_and_its_digest_stays(article, people):
    first = edition(article, 1).digests["medical"]
    erase(digest=first, reason="By order of a court.", by=people.editor)

    pack = make_pack(Question(article.article_id, edition=1)).content

    files = files_of(pack)
    assert "documents/medical.json" not in files
    assert first in text_of(pack, "README.txt")
    assert "(ERASED BY LAW" in text_of(pack, "README.txt")
    assert "erased by law" in text_of(pack, "article.html")
    assert verify_pack.verify(pack) == []


def test_a_pack_of_an_article_whose_page_is_deleted_is_made_from_the_record(article, people):
    at = timezone.now()
    withdraw(page=fresh(article), reason="other", by=people.editor)
    key = article.article_id
    ArticlePage.objects.filter(pk=article.pk).first().delete()

    pack = make_pack(Question(key, as_of=at)).content

    assert verify_pack.verify(pack) == []
    assert "Withdrawn from readers. Reason: other." in text_of(pack, "history.txt")


def test_the_command_writes_the_pack_and_prints_its_sum_as_sha256sum_does(article, tmp_path, capsys):
    out = tmp_path / "pack.zip"

    said = run(capsys, article.slug, "--edition", 2, "--out", out)

    assert said == f"{hashlib.sha256(out.read_bytes()).hexdigest()}  {out}\n"
    assert verify_pack.main([str(out)]) == 0


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--as-of", "2026-03-03T12:00"], 2, "has no time zone. Write 2026-03-03T12:00:00Z"),
        (["--as-of", "3 March"], 2, "is not a date and time"),
        (["--as-of", "2999-03-03T12:00:00Z"], 2, "is in the future"),
        (["--as-of", "2001-03-03T12:00:00Z"], 1, "published for the first time"),
        (["--edition", "7"], 2, "has no edition 7. It has these: 1, 2."),
    ],
)
def test_the_command_says_what_is_wrong_with_a_question(article, tmp_path, options, code, words):
    error = refused(article.slug, *options, "--out", tmp_path / "pack.zip")

    assert (error.returncode, words in str(error)) == (code, True), error
    assert list(tmp_path.iterdir()) == []


def test_the_command_refuses_an_unknown_article_and_a_place_that_cannot_be_written(article, tmp_path):
    unknown = refused("no-such-article", "--out", tmp_path / "pack.zip")
    nowhere = refused(article.slug, "--out", tmp_path / "nowhere" / "pack.zip")

    assert (unknown.returncode, nowhere.returncode) == (2, 2)
    assert "cannot be written" in str(nowhere)


def test_an_article_that_was_never_published_has_no_pack(people):
    page = make_article(by=people.author)

    with pytest.raises(NothingLive, match="It was never published"):
        make_pack(Question(find_article(page.slug)))


def test_a_moment_with_a_zone_is_that_moment():
    now = timezone.now()

    assert read_moment("2026-03-03T13:00+01:00", now=now) == read_moment("2026-03-03T12:00:00Z", now=now)
    with pytest.raises(NotAnswerable):
        read_moment("2026-03-03", now=now)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_outside_of_all_time_is_refused_in_words(text):
    with pytest.raises(NotAnswerable, match=r"outside the years|in the future"):
        read_moment(text, now=timezone.now())


def test_the_timeline_offers_the_pack_to_those_who_may_see_reports_or_edit(login, people, article):
    url = reverse("articles_evidence", args=[article.pk])

    answer = login(people.editor).get(url, {"edition": "2"})

    assert answer["Content-Type"] == "application/zip"
    assert verify_pack.verify(answer.content) == []
    assert login(make_user("stranger", "Authors")).get(url).status_code in (302, 403)


def test_a_question_without_an_answer_leads_back_with_words(login, people, article):
    client = login(people.editor)

    answer = client.get(reverse("articles_evidence", args=[article.pk]), {"as_of": "2001-03-03T12:00"}, follow=True)

    assert "published for the first time" in answer.content.decode()
