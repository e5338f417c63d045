"""A local server that answers as Crossref, PubMed and the PMC converter do, from an index of recorded works.

Recorded: ../shared/data/citations (Crossref works, CSL items, PubMed XML) and the seed's references that were verified.
No record of the references of PDQ and ALiEM is there. `derived` makes one of each line, so that lines like these can be
searched for among hundreds of others; what it measures is stated with the figures.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

WORDS = re.compile(r"[^\W_]+")
PDQ = re.compile(
    r"^(?P<a>.+?)(?:, et al\.?)?: (?P<t>.+?[.?!\]])\s+(?P<j>[^.?!]+?) (?P<v>\d+) ?(?:\((?P<i>[^)]*)\))?: "
    r"(?P<p>\w[\w-]*)[^:]*, (?P<y>\d{4})[^.:]*\.$"
)
ALIEM = re.compile(
    r"^(?P<a>.+?)\. ?(?P<t>[^.?]{15,}[.?]) ?(?P<j>[^.;]+?)\.? (?P<y>\d{4})[^;:]*; ?(?P<v>\w+) ?(?:\((?P<i>[^)]*)\))?: ?"
    r"(?P<p>[\w-]+)"
)


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def work_of_csl(csl: dict) -> dict:
    """A CSL-JSON item as Crossref's API has it."""
    authors = [
        {("name" if key == "literal" else key): text for key, text in name.items()} for name in csl.get("author", [])
    ]
    title, container = csl.get("title", ""), csl.get("container-title", "")
    listed = {"title": [title] if isinstance(title, str) else title, "author": authors}
    return csl | listed | {"container-title": [container] if isinstance(container, str) else container}


def seed_work(reference: dict) -> dict:
    """The seed's reference as far as it was verified."""
    title = reference["raw"].split(": ", 1)[1]
    names = [name.rsplit(" ", 1) for name in reference.get("authors", [])]
    return {
        "DOI": reference["doi"],
        "type": "journal-article",
        "title": [title],
        "author": [{"family": family, "given": given} for family, given in names],
        "container-title": [reference["journal"]] if isinstance(reference.get("journal"), str) else [],
        "issued": {"date-parts": [[reference["year"]]]} if isinstance(reference.get("year"), int) else {},
        **{
            name: reference[key]
            for name, key in {"volume": "volume", "issue": "issue", "page": "pages"}.items()
            if isinstance(reference.get(key), str)
        },
    }


def derived(raw: str, pmid: str, form: re.Pattern) -> dict | None:
    """A work with what the line says; None for a line of another form."""
    if not (found := form.match(raw)):
        return None
    names = [re.sub(r"^and | (?:Jr|2nd|3rd)$", "", name) for name in re.split(r",\s+", found["a"])]
    people = [name.rsplit(" ", 1) for name in names if " " in name]
    return {
        "DOI": f"10.5555/derived.{pmid}",
        "type": "journal-article",
        "title": [found["t"].rstrip(".")],
        "author": [{"family": each[0], "given": each[1]} for each in people],
        "container-title": [found["j"].strip()],
        "volume": found["v"],
        "issue": found["i"] or "",
        "page": found["p"],
        "issued": {"date-parts": [[int(found["y"])]]},
        "pmid": pmid,
    }


def twin(work: dict) -> dict:
    """The work's correction: the same authors, year and volume, and its title."""
    other = {"DOI": f"10.5555/twin.{work['pmid']}", "title": [f"Correction: {work['title'][0]}"], "page": "9001"}
    return {key: value for key, value in work.items() if key != "pmid"} | other


def article_xml(work: dict) -> str:
    """A derived work as PubMed's XML."""
    authors = "".join(
        f"<Author><LastName>{escape(each['family'])}</LastName><ForeName>{escape(each['given'])}</ForeName></Author>"
        for each in work["author"]
    )
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{work['pmid']}</PMID><Article><Journal><JournalIssue>"
        f"<Volume>{escape(work['volume'])}</Volume><Issue>{escape(work['issue'])}</Issue>"
        f"<PubDate><Year>{work['issued']['date-parts'][0][0]}</Year></PubDate></JournalIssue>"
        f"<ISOAbbreviation>{escape(work['container-title'][0])}</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{escape(work['title'][0])}.</ArticleTitle>"
        f"<Pagination><MedlinePgn>{escape(work['page'])}</MedlinePgn></Pagination><AuthorList>{authors}</AuthorList>"
        "</Article></MedlineCitation></PubmedArticle>"
    )


class Index:
    """Works by DOI, articles by PMID, and a search that ranks works by the rare words they share with a query."""

    def __init__(self) -> None:
        self.works: dict[str, dict] = {}
        self.articles: dict[str, ET.Element] = {}
        self.words: dict[str, Counter] = {}
        self._known: Counter | None = None  # in how many works a word is
        self.hidden: set[str] = set()  # DOIs and PMIDs that are answered as if they were not there

    def add_work(self, work: dict) -> None:
        doi = work["DOI"].lower()
        self.works.setdefault(doi, work)
        people = " ".join(f"{each.get('family', '')} {each.get('given', '')}" for each in work.get("author", []))
        said = [*work.get("title", []), *(work.get("container-title") or []), people]
        said += [str(work.get(key, "")) for key in ("volume", "issue", "page", "issued")]
        self.words[doi] = Counter(set(WORDS.findall(" ".join(said).casefold())))

    def add_article(self, article: ET.Element) -> None:
        pmid = article.findtext("MedlineCitation/PMID")
        if pmid:
            self.articles[pmid] = article

    def search(self, query: str, rows: int) -> list[dict]:
        asked = set(WORDS.findall(query.casefold()))
        if self._known is None:
            self._known = Counter(word for words in self.words.values() for word in words)
        weight = {word: log(1 + len(self.words) / self._known[word]) for word in asked if word in self._known}
        score = {doi: sum(weight[word] for word in asked if word in words) for doi, words in self.words.items()}
        best = sorted((doi for doi in score if doi not in self.hidden), key=lambda doi: -score[doi])
        return [self.works[doi] for doi in best[:rows] if score[doi]]

    def find_pmids(self, term: str) -> list[str]:
        """The PMIDs of a search by fields: `27[vi] AND 235[pg] AND 2001[dp] AND Wong[1au]`, or `"10.…"[doi]`."""
        asked = [re.fullmatch(r'"?(.+?)"?\[(\w+)\]', part).groups() for part in term.split(" AND ")]
        paths = {
            "vi": "MedlineCitation/Article/Journal/JournalIssue/Volume",
            "pg": "MedlineCitation/Article/Pagination/MedlinePgn",
            "dp": "MedlineCitation/Article/Journal/JournalIssue/PubDate/Year",
            "1au": "MedlineCitation/Article/AuthorList/Author/LastName",
            "doi": "PubmedData/ArticleIdList/ArticleId[@IdType='doi']",
        }

        def has(article: ET.Element, value: str, field: str) -> bool:
            text = (article.findtext(paths[field]) or "").lower()
            return text.split("-")[0] == value.lower() if field == "pg" else text == value.lower()

        found = [pmid for pmid, article in self.articles.items() if all(has(article, *each) for each in asked)]
        return [pmid for pmid in found if pmid not in self.hidden]


def recorded(citations: Path, *, with_derived: bool = False) -> Index:
    index = Index()
    for line in lines_of(citations / "crossref_works.jsonl"):
        index.add_work(line["work"])
    for line in lines_of(citations / "csl_expected.jsonl"):
        index.add_work(work_of_csl(line["csl"]))
    for reference in json.loads((citations / "seed_references.json").read_text())["references"]:
        if reference.get("doi"):
            index.add_work(seed_work(reference))
        for decoy in reference.get("near_miss_decoys", []):
            doi, title = decoy.split(" ", 1)
            index.add_work({"DOI": doi, "type": "journal-article", "title": [re.sub(r"\s*\([^()]*\)$", "", title)]})
    for article in recorded_articles(citations):
        index.add_article(article)
    for work in derived_works(citations) if with_derived else []:
        if int(work["pmid"]) % 2:
            index.add_work(work)
        else:
            index.add_article(ET.fromstring(article_xml(work)))
        index.add_work(twin(work))
    return index


def recorded_articles(citations: Path) -> Iterator[ET.Element]:
    for file in sorted((citations / "pubmed_xml").glob("*.xml")):
        try:
            yield from ET.parse(file).getroot().iter("PubmedArticle")
        except ET.ParseError:  # some are recorded as they are, malformed
            continue


def derived_works(citations: Path) -> list[dict]:
    forms = {"pdq": PDQ, "aliem": ALIEM}
    lines = [(form, line) for name, form in forms.items() for line in lines_of(citations / f"{name}_references.jsonl")]
    made = (derived(line["raw"], line["pmid"], form) for form, line in lines if line["pmid"])
    return [work for work in made if work]


class Handler(BaseHTTPRequestHandler):
    """`server.index` answers; `server.answers` has fixed answers by path: (status, type, body)."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(where.query).items()}
        self.server.asked.append((where.path, query, dict(self.headers)))
        status, kind, body, *headers = self.server.answers.get(where.path) or self._answer(where.path, query)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        index = self.server.index
        if path == "/works":
            works = index.search(query.get("query.bibliographic", ""), int(query.get("rows", "5")))
            if "filter" in query:
                number = query["filter"].partition(":")[2]
                works = [work for work in index.works.values() if number in work.get("alternative-id", [])]
            return _message({"items": works})
        if path.startswith("/works/"):
            doi = unquote(path[len("/works/") :]).lower()
            if doi in index.hidden or doi not in index.works:
                return 404, "text/plain", b"Resource not found."
            return _message(index.works[doi])
        if path == "/esearch.fcgi":
            found = index.find_pmids(query["term"])
            return 200, "application/json", json.dumps({"esearchresult": {"idlist": found}}).encode()
        if path == "/efetch.fcgi":
            found = [index.articles[pmid] for pmid in query["id"].split(",") if pmid in index.articles]
            inside = b"".join(ET.tostring(article) for article in found)
            return 200, "text/xml; charset=UTF-8", b"<PubmedArticleSet>" + inside + b"</PubmedArticleSet>"
        return 404, "text/plain", b"?"

    def log_message(self, *args) -> None:
        pass


def _message(message: dict) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps({"status": "ok", "message": message}).encode()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """Whoever reads no more than 2 MB hangs up."""


def serve(index: Index) -> ThreadingHTTPServer:
    """A server on a free port of the loopback; `shutdown()` and `server_close()` end it."""
    server = Server(("127.0.0.1", 0), Handler)
    server.index, server.answers, server.asked = index, {}, []
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    return server


def environment(server: ThreadingHTTPServer) -> dict[str, str]:
    """The variables of a process that asks this server; pages of the web are not asked."""
    asked = lookup_settings(server)
    urls = {f"LOOKUP_{name}": asked[f"{name}_URL"] for name in ("CROSSREF", "PUBMED", "PMC")}
    return urls | {"LOOKUP_CONTACT": asked["CONTACT"], "LOOKUP_PAGES": "false"}


def lookup_settings(server: ThreadingHTTPServer) -> dict:
    base = f"http://127.0.0.1:{server.server_address[1]}"
    urls = {"CROSSREF_URL": base, "PUBMED_URL": base, "PMC_URL": f"{base}/idconv"}
    return urls | {"CONTACT": "tests@publisher.example", "TIMEOUT_S": 5, "SPACING_S": 0.0, "PAGES": True}
