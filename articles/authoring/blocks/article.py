"""What may an article contain: the whole menu, its order and its counts."""

from wagtail.blocks import StreamBlock

from articles.authoring.blocks.causes import CausesBlock
from articles.authoring.blocks.cta import CtaBlock
from articles.authoring.blocks.evidence import EvidenceBlock
from articles.authoring.blocks.help import SeekHelpBlock
from articles.authoring.blocks.mechanism import MechanismBlock
from articles.authoring.blocks.media import FigureBlock, TableBlock
from articles.authoring.blocks.risks import RisksBlock
from articles.authoring.blocks.sources import SourcesBlock
from articles.authoring.blocks.text import ConclusionBlock, FaqBlock, IntroductionBlock, ProseBlock

MAX_SECTIONS = 60
MOST_OPEN = 15  # an article of more sections opens with its sections closed
MAX_ITEMS = 1_000  # of one list that a form sends
MAX_FIELDS = 20_000  # of one form: Django's DATA_UPLOAD_MAX_NUMBER_FIELDS, as our settings have it
EXPLAIN, SUBSTANTIATE, PROTECT, ACT = "Explain", "Substantiate", "Protect the reader", "Act"


class ArticleBody(StreamBlock):
    introduction = IntroductionBlock(group=EXPLAIN)
    prose = ProseBlock(group=EXPLAIN)
    causes = CausesBlock(group=EXPLAIN)
    mechanism = MechanismBlock(group=EXPLAIN)
    faq = FaqBlock(group=EXPLAIN)
    figure = FigureBlock(group=EXPLAIN)
    table = TableBlock(group=EXPLAIN)
    conclusion = ConclusionBlock(group=EXPLAIN)
    evidence = EvidenceBlock(group=SUBSTANTIATE)
    sources = SourcesBlock(group=SUBSTANTIATE)
    risks = RisksBlock(group=PROTECT)
    seek_help = SeekHelpBlock(group=PROTECT)
    cta = CtaBlock(group=ACT)

    class Meta:
        required = False
        max_num = MAX_SECTIONS
        block_counts = {
            "introduction": {"max_num": 1},
            "conclusion": {"max_num": 1},
            "sources": {"max_num": 1},
        }
