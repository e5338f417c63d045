"""The vocabulary of medical headings: which words and phrasings suggest which kind of section.

Each signal is (weight, pattern). Words count most where they are the head of the heading ("Side effects of
treatment" is about side effects); `headings.py` weighs that. A pattern is a word family, never a whole heading.
Weights: 5 says it outright, 3 to 4 usually means it, 1 to 2 is a hint that anything clearer outweighs.
"""

# ruff: noqa: E501 - tables of patterns: one meaning a line reads better than a wrapped one
import re
from dataclasses import dataclass

from articles.intake.recognize.meanings import (
    CAUSES,
    CONCLUSION,
    CTA,
    DIAGNOSIS,
    DOSAGE,
    EVIDENCE,
    FAQ,
    INTRODUCTION,
    LIVING_WITH,
    MECHANISM,
    OTHER,
    PREPARATION,
    PREVENTION,
    PROGNOSIS,
    RESULTS,
    RISKS,
    SEEK_HELP,
    SYMPTOMS,
    TREATMENT,
    Meaning,
)


@dataclass(frozen=True)
class Signal:
    meaning: Meaning
    weight: float
    pattern: re.Pattern[str]


_VERBS_OF_BENEFIT = (
    "reduc|improv|treat|prevent|cur|revers|boost|lower|slow|stop|reliev|eas|support|extend|increas|promot|fight"
    "|heal|restor|regrow|protect|benefit|enhanc|manag|help|delay|strengthen|clear|calm|suppress"
)
_PEOPLE = r"i|you|we|they|people|someone|anyone|everyone|adults?|children|child|bab(?:y|ies)|women|men|patients?"
_CARE = r"doctor|gp|help|care|hospital|medical|attention|advice|111|999|911|112|physician|provider|clinician|nurse"
_REFUSED = r"(?:should|must|can|could|may|do|does|is|are)(?:\s?not|n['’]t)"

# fmt: off
_TABLE: dict[Meaning, tuple[tuple[float, str], ...]] = {
    INTRODUCTION: (
        (5, r"\b(?:introduction|overview|abstract|at a glance|key facts|fast facts|the basics|definition)\b"),
        (4, r"^(?:about|background|understanding|meet|introducing|general information|description)\b"),
        (4, r"\btell me (?:more )?about\b|\bneed to know\b|\bhave information about\b|\bexplained$"),
        (2.6, r"^what(?:['’]s| is| are| is \(are\)| exactly is| do we mean by)\b"),
        (3.5, r"^what .*\b(?:used )?for$|\bused for\b|^uses?(?:$| of\b| and\b)|\bindications?\b|^who (?:is|are) .* for$"),
        (4.2, r"^why .*\b(?:used|done|prescribed|performed|recommended|given|needed|matters?|important)\b"),
        (2.5, r"\b(?:key|main|important) (?:points|messages)\b|\bsummary\b"),
    ),
    CAUSES: (
        (4.6, r"\bcaus(?:e|es|ed|al|ing|ative)\b|\b(?:a)?etiolog"),
        (3.5, r"^why\b"),
        (3.4, r"^what (?:drives|makes|leads|sets off|brings on|provokes|contributes|raises|increases)\b|\bflare"),
        (4, r"\blikely to (?:get|have|develop|be affected)\b|^who (?:gets|develops|is affected)\b"),
        (5, r"\brisk factors?\b"),
        (3.6, r"\bgenetic|\binherit|\bheredit|\bmutation|\bgenes?\b|\bruns? in (?:the )?famil"),
        (3.6, r"\bcontagious|\binfectious\b|\btransmi(?:t|ss)|\bcatch(?:ing)?\b"),
        (4.6, r"^how (?:do|does|can|did) (?:" + _PEOPLE + r"|it)\b.*\b(?:get|catch|contract|develop|acquire)\b"),
        (3.8, r"^how .*\b(?:develops?|starts?|happens?|occurs?|begins?|forms?|spreads?|arises?|passed on)$"),
        (3.2, r"\btriggers?\b|\bcomes? from\b|\borigins?\b|\bculprits?\b|\broots? of\b|\bto blame\b|\bbehind\b"),
        (3, r"\b(?:reasons?|factors?)\b|\bleads? to\b|\bspread\b"),
    ),
    MECHANISM: (
        (5, r"\bmechanis|\bmodes? of action\b|\bpharmaco(?:log|kin|dyn)|\bpatho(?:physiolog|gen(?:esis|ic mech))"),
        (5, r"^how (?:do|does|did|might|may|can|could)\b.*\b(?:work|act|function)s?\b"),
        (4.6, r"^how\b.*\b(?:works?|acts?|functions?)(?:$| (?:on|in|inside|against|at|with|to)\b)"),
        (4.4, r"^how (?:do|does|did|might|may|can|could)\b.*\b(?:affect|influenc|impact|target|interact|chang|damag)"),
        (4.2, r"^how\b.*\b(?:affects?|influences?|targets?|changes|damages|disrupts?|impacts?)\b"),
        (2.6, r"^how (?!to\b|is\b|does\b|was\b|has\b)(?:it|they|\S+) (?!is\b|was\b|has\b)\w+s\b|^what \S+ does$"),
        (2.7, r"^how (?:do|does|did) (?!(?:i|you|we|my|people|doctors?)\b)\S+ .*\w"),
        (4, r"^what (?:goes on|is going on|is happening|happens) (?:in|inside|within)\b"),
        (4.5, r"\bhappens? (?:in|inside|within|to) (?:the |your )?(?:\w+ )?(?:body|brain|skin|cells?|lungs?|heart|blood)"),
        (4.2, r"^what (?:do|does|did)\b.*\bdo(?: (?:in|to|for|inside)\b.*)?$|^what .* does (?:in|to) (?:the|your)\b"),
        (4, r"\bscience (?:behind|of)\b|\bphysiolog|\bbiolog(?:y|ical)\b|\bpathways?\b|\binside the cells?\b"),
        (2.8, r"\broles? of\b|\bactions?\b|\bfunctions?\b|\banatomy\b"),
        (1.6, r"\b(?:link|connection|relationship|association)\b"),
    ),
    EVIDENCE: (
        (5.5, r"^(?:how|just how) (?:well|effective|effectively|good|successful|reliable|accurate)\b"),
        (5, r"^(?:do|does|did|will|can|could|might|may)\b(?!.*\b(?:i|you|we|be)\b)"
            r".*\b(?:work|" + _VERBS_OF_BENEFIT + r")\w*\b"),
        (5, r"\beffective(?:ness)?\b|\befficacy\b|\bevidence\b|\bproven\b|\bproof\b"),
        (4.6, r"\b(?:research|stud(?:y|ies)|trials?|scien(?:ce|tists?|tific)|data|experts|researchers)\b.*"
              r"\b(?:say|show|suggest|tell|found|find|know|reveal|done|support|back)"),
        (4.2, r"\bclinical (?:trials?|studies|data|research|outcomes?)\b|\bmeta-?analys|\bsystematic review"),
        (3.8, r"\bresearch\b|\bstud(?:y|ies)\b|\btrials?\b|\bfindings\b|\bbenefits?\b|\badvantages?\b"),
        (4, r"^(?:results|discussion|findings|methods?|methodology|statistical analys[ie]s|limitations)\b"),
        (4, r"^(?:materials?|patients?|subjects?|participants?)(?: and|,| &) methods?\b|^results and discussion\b"),
        (4, r"\bworth (?:it|trying|taking)\b|\bsuccess rates?\b|\b(?:myths?|hype)\b.*\b(?:facts?|science|truth|reality)\b"),
        (2.8, r"\boutcomes?\b|\beffects? (?:of|on)\b|\bpromis(?:e|ing)\b|\bpotential\b|\buseful|\bdata$|^what (?:we|scientists) "),
    ),
    RISKS: (
        (6.6, r"\b(?:with|about|manag\w+|reliev\w+|treat\w*|reduc\w+|handl\w+) (?:\w+ ){0,2}side[- ]effects\b"),
        (5.5, r"\bside[- ]effects?\b|\badverse\b|\bcontra-?indicat|\b(?:undesirable|unwanted|negative|harmful) (?:side )?effects?\b"),
        (5.5, r"\b(?:who|people|babies|children|women|men|patients|adults|those|anyone)\b.*\b" + _REFUSED),
        (5.5, r"^(?:who|people|anyone) .*\b(?:avoid|cautious|careful|suitable|eligible)\b|\bsuitab(?:le|ility)\b"),
        (5, r"\bcomplications?\b|\binteract(?:s|ions?)\b|\bwarnings?\b|\bprecautions?\b|\bcautions?\b|\boverdos"),
        (4.8, r"\brisks?\b|\bharm(?:s|ful)?\b|\bdangers?|\bdangerous\b|\bhazard|\btoxic|\baddictive\b|\bunsafe\b"),
        (4.8, r"\bsafe(?:ty|ly)?\b|\bdownsides?\b|\bdrawbacks?\b|\bdisadvantages?\b|\bpros and cons\b|\bpitfalls\b"),
        (4.8, r"^(?:can|should|may|could|must) (?:my )?(?:" + _PEOPLE + r")(?: \w+)? "
              r"(?:take|use|have|get|try|drink|eat|apply|combine|drive|stop|mix|exercise|fly)\b"),
        (4.6, r"^who (?:can|should|may)\b|^when (?:\w+ ){1,3}should (?:not )?have\b|\bwithdrawal\b|\bdependence\b"),
        (4.4, r"\bmixing\b|\bcombin(?:e|ing)\b.*\bwith\b|\btogether with\b"),
        (4, r"\bpregnan|\bbreast-?feed|\blactation\b|\bnursing mothers\b"),
        (4.8, r"\b(?:in|during|while|and|when) (?:pregnan|breast-?feed|lactat|trying for a baby|older|children|kidney)"),
        (4.4, r"\b(?:right|suitable|ok|okay|safe|good) for (?:me|you|everyone|my child)\b|\bwhen not to\b|\bgo(?:es)? wrong\b"),
        (4.4, r"\btell (?:my|your) (?:doctor|pharmacist|provider)\b|\btoo much\b|\bknow before\b|^will (?:i|it)\b"),
        (3.6, r"\b(?:and|with|affect\w*) (?:\w+ )?(?:medicines?|medications?|drugs?|alcohol|foods?|supplements?)$"),
        (5, r"\b(?:medicines?|medications?|drugs?|remedies|foods?)\b.*\b(?:affect|interfere|interact|and the)\b"),
        (3.6, r"\bbefore (?:you )?(?:tak|us|start|try)(?:e|es|ing)?\b|\bwhat to (?:watch|look out) (?:out )?for\b"),
        (3, r"\bconsiderations?\b|\bconcerns?\b|\bproblems\b|\ballerg(?:y|ies|ic) reactions?\b|\bcan .* go wrong\b"),
    ),
    SEEK_HELP: (
        (6, r"^when\b.*\b(?:see|call|contact|get|seek|visit|talk|speak|go|worry|ask|consult)\b.*\b(?:" + _CARE + r")\b"),
        (6, r"\b(?:seek|get|need|ask for)\b.*\b(?:urgent|emergency|immediate|medical|professional)\b|\bcall (?:999|911|112|111)\b"),
        (5.5, r"\bred flags?\b|\bwarning signs?\b|\bmedical emergenc|\bwhen (?:to|should (?:i|you)) (?:worry|be concerned)"),
        (4.5, r"^(?:see|call|contact|ask|speak to|talk to)\b.*\b(?:" + _CARE + r")\b"),
        (5.5, r"\b(?:a&e|emergency (?:room|department|services)|to (?:the )?(?:hospital|er))\b"),
        (4, r"^should (?:i|you) (?:see|call|worry)\b|^when is it (?:serious|an emergency)\b|\bemergenc(?:y|ies)$"),
    ),
    FAQ: (
        (6, r"\bfaqs?\b|\bfrequently asked\b|\bq ?& ?as?\b|\bquestions? (?:and|&) answers?\b"),
        (4.5, r"\b(?:common|your|people ask|popular|top)\b.*\bquestions?\b|\bquestions people\b|^questions about\b"),
    ),
    CONCLUSION: (
        (5.5, r"\bconclu(?:sions?|ding)\b|\bbottom line\b|\btake-?aways?\b|\btake[- ]home\b|\bfinal (?:thoughts?|words?)\b"),
        (5, r"^in (?:short|summary|brief|closing|conclusion|a nutshell)\b|\bsum(?:ming)? (?:it )?(?:all )?up\b|\bwrap(?:ping)? "
            r"(?:it |things )?up\b"),
        (3.6, r"\bsummary\b|\bverdict\b|^closing\b|\bput(?:ting)? it (?:all )?together\b|\bkey (?:points|messages)\b"),
        (3, r"\b(?:looking|moving|way) (?:ahead|forward)\b|\bnext steps?\b|^what this means\b|^so,? (?:is|should|does|can|what)\b|\bremember\b"),
    ),
    CTA: (
        (4.5, r"^(?:book|schedule|request|order|buy|subscribe|sign up|join|download)\b"),
        (4.5, r"^(?:get started|contact us|why choose|talk to us|start your|ready to)\b|\bhow we can help\b"),
        (3.5, r"\bour (?:services?|clinics?|team|products?|programmes?|programs?|approach|doctors|providers)\b"),
    ),
    SYMPTOMS: (
        (4.8, r"\bsymptoms?\b|\bsigns and\b|\bclinical (?:features?|manifestations?|presentations?|picture|course)\b"),
        (4, r"\bsigns?\b(?! up)|\bmanifestations?\b|\bcomplaints\b"),
        (5, r"^what (?:do|does|might|will|can)\b.*\b(?:look|feel)s? like\b|\bcheck if (?:you|your|it)\b"),
        (4.8, r"^how (?:do|can|will|would|to) (?:i |you |we |people )?(?:know|tell|recogni[sz]e|spot)\b|^do i have\b"),
        (4, r"^how (?:will|might|may|do|would) (?:i|you) feel\b|^how (?:it|they|\S+) presents?$"),
        (3, r"\bpresentations?\b|\b(?:clinical |common |typical )?features\b|\bhow (?:it|they) feels?\b|\brecogni[sz](?:ing|ed)\b|\bnotice\b"),
        (2.6, r"\bspotting\b|\bwhere (?:does|do) .* (?:hurt|appear)\b|\bwhat to look for\b|\bappearance\b"),
    ),
    DIAGNOSIS: (
        (5, r"(?<!newly )\bdiagnos(?:e|ed|es|ing|is|tics?|able)\b"),
        (4, r"^how (?:is|are|was|do|does)\b.*\b(?:found|detected|confirmed|checked|tested|measured|identified|staged)\b"),
        (3.6, r"\bscreen(?:ing|ed)?\b|\bwork-?up\b|\bassess(?:ment|ing|ed)?\b|\bevaluat(?:ion|ing)\b|\binvestigations?\b"),
        (3.4, r"\btests?\b(?! results?)|\btesting\b|\bstages\b|\bstaging\b|\bdetect(?:ion|ing)\b|\bdifferential\b"),
        (3.6, r"\b(?:doctor|nurse|gp|provider|clinician|specialist)s? (?:will|may|might|can) (?:check|ask|do|look)"),
        (4, r"\bfind(?:s|ing)? out (?:what|if|whether|why)\b"),
        (2.8, r"\bexam(?:s|ination|inations)?\b|\bbiops|\bimaging\b|\bx-?rays?\b|\bultrasound\b|\bclassif|\b(?:medical|family)\b.*\bhistor(?:y|ies)\b"),
    ),
    TREATMENT: (
        (4.8, r"\btreat(?:s|ed|ing|ment|ments|able)?\b|\btherap(?:y|ies|eutic|eutics)\b"),
        (4.2, r"\bmanag(?:e|ed|ing|ement)\b|\bself-?(?:help|care)\b|\bcures?\b|\bcured\b|\bfirst aid\b"),
        (5.4, r"\bget(?:s|ting)? rid of\b|^(?:\w+ )?ways to (?:treat|reliev|eas|manag|sooth|lower|reduc|help|stop)"),
        (4.4, r"^what (?:to do|can (?:i|you|we|be done)|should (?:i|you) do|helps?)\b|\bwhat you can do\b"),
        (4.2, r"^how to (?:treat|manage|relieve|ease|fix|stop|soothe|help|calm|use|take|apply|give|insert)\b"),
        (4.2, r"^(?:how and when|when and how|when|how) (?:to|should (?:i|you)|do (?:i|you)) (?:take|use|apply|start)\b"),
        (3.6, r"^(?:using|taking|applying|putting|inserting|wearing|having|fitting|injecting)\b|\bhow to use\b"),
        (3.6, r"\bremed(?:y|ies)\b|\breli(?:ef|eve|eving)\b|\bsurg(?:ery|ical|eries)\b|\brehab|\bphysio|\btransplant"),
        (3, r"\bmedicines?\b|\bmedications?\b|\bdrugs?\b|\bantibiotics?\b|\bcreams?\b|\bchemotherapy\b|\bradiation\b"),
        (2.9, r"\boptions?\b|\bintervention|\bprocedures?\b|\boperation|\balternatives?\b|\bfollow-?up\b|\bhelp(?:s|ing)?\b"),
    ),
    DOSAGE: (
        (5, r"\bdos(?:e|es|age|ages|ing)\b|^how (?:much|many)\b.*\b(?:take|use|give|apply)\b"),
        (4.6, r"^how many (?:tablets|pills|capsules|drops|units|puffs|sprays)\b"),
        (4.4, r"\bhow often\b|\bmiss(?:ed)? (?:a |your )?(?:dose|pill|tablet)|\badministration\b|\bforget to take\b"),
        (3.4, r"\bstrengths?\b|\bposology\b|\bhow long (?:should|do|can) (?:i|you) (?:take|use)\b|\bregimens?\b"),
    ),
    PREVENTION: (
        (4.8, r"\bprevent(?:s|ed|ing|ion|ive|able|ative)?\b|\bprophyla"),
        (5.5, r"\b(?:reduc|lower|cut|decreas|minimi[sz]|limit)\w* (?:the |your |my |their )?(?:risks?|chances?|odds)\b"),
        (5, r"\bstop\w* (?:it |them |the )?(?:\w+ )?(?:spread|getting|catching|coming)"),
        (3.6, r"\bfrom (?:coming back|returning|spreading|getting)\b|\bstay\w* protected\b"),
        (2.8, r"\bvaccin(?:e|es|ation|ations)\b|\bimmuni[sz]ation"),
        (3.6, r"^(?:how to |how can (?:i|you) |ways to |tips (?:to|for) )?(?:avoid|protect|stop)\w*\b|\bprotect(?:ing|ion|ive)?\b"),
        (2.4, r"\bavoid(?:ing|ance)?\b|\bhygiene\b|\bstay(?:ing)? (?:safe|healthy|well)\b|\bkeep(?:ing)? (?:your|safe)\b"),
    ),
    PREPARATION: (
        (4.8, r"\bprepar(?:e|es|ed|ing|ation)\b|\bwhat to bring\b"),
        (5.4, r"\bget(?:ting)? ready\b"),
        (5, r"\bbefore (?:the|your|a|an|having)\b.*\b(?:test|procedure|surgery|operation|appointment|scan|treatment|exam|visit)"),
    ),
    RESULTS: (
        (4.6, r"\b(?:numbers?|levels?|scores?|values?|readings?)\b.*\bmeans?\b|\bmy results?\b|\blab reports?\b"),
        (5, r"\b(?:your|test|get(?:ting)?|the|understand(?:ing)?|interpret(?:ing)?|abnormal|normal|blood|scan|lab) results?\b"),
        (5, r"\bresults?\b.*\bmeans?\b|\breference (?:range|interval|value)|\bnormal (?:range|level|value)"),
        (3.5, r"\bafter (?:the|your|a) (?:test|scan|exam)\b|\binterpret(?:ing|ation)\b"),
    ),
    LIVING_WITH: (
        (5.5, r"\b(?:living|live|life|coping|cope) with\b"),
        (3.4, r"\bcop(?:e|ing)\b|\b(?:daily|everyday|day-to-day) life\b|\blifestyle\b|\bcaring for\b|\bcare-?givers?\b|\bcarers?\b"),
        (2.8, r"\bdiet\b|\bnutrition\b|\beating\b|\bexercis|\bphysical activity\b|\bquality of life\b|\bemotional\b"),
    ),
    PROGNOSIS: (
        (5, r"\boutlook\b|\bprognos(?:is|es|tic)\b|\blife expectancy\b|\bsurviv(?:al|e)\b|\bmortality\b"),
        (4.4, r"^how long\b.*\b(?:last|live|stay|persist|heal|recover|go away|get better|be ill)\b|\bgo(?:es)? away\b"),
        (5, r"^(?:will|does|do|can)\b.*\b(?:come back|return|go away|get worse|get better)\b"),
        (4, r"^(?:is|are|can)\b.*\b(?:curable|reversible|permanent|fatal|life-?threatening|deadly|serious|come back|return)\b"),
        (3.8, r"^how (?:serious|severe|dangerous|bad)\b"),
        (3.6, r"\brecover(?:y|ing)?\b|\blong[- ]term\b|\bget(?:s|ting)? better\b|\bprogression\b|\brecurrence\b"),
        (2.2, r"\bwhat (?:happens (?:if|next|after)|to expect)\b|\bcourse\b|\bexpect\b"),
    ),
    OTHER: (
        (4.6, r"\bhow (?:common|many)\b|\bprevalence\b|\bincidence\b|\bepidemiolog|\bstatistics\b|^how (?:rare|frequent)"),
        (4.8, r"^(?:where|how) (?:can|do|to|could)(?: (?:i|you|we))? (?:get|buy|find|obtain|access|order|register|apply for)\b"),
        (4.8, r"\b(?:find out about|get hold of)\b|\bavailab(?:le|ility)\b|^getting (?:a|an|the|your|vaccinated|access|help)\b"),
        (4.6, r"\bingredients?\b|\bmade (?:from|of|up)\b|\bcomposition\b|\bcosts?\b|\bprices?\b|\binsurance\b|\bcoverage\b|\bafford"),
        (4.6, r"^how\b.*\b(?:is|are|was|were) (?:done|performed|carried out|made|given|fitted|collected)\b"),
        (4.2, r"^what (?:happens|will happen) (?:during|at|on|when|before|after)\b|\bhappens during\b"),
        (4.4, r"\b(?:acknowledg|funding|contributions?|competing interests?|conflicts? of interest|supplementary|abbreviations?)"),
        (4.4, r"\bpublication history\b|\bethic(?:s|al)\b|\babout (?:the|this) (?:authors?|summary|page|article|book)\b|\bdisclaimer\b"),
        (3.6, r"\bstor(?:e|age|ing)\b|\bdispos(?:al|e|ing)\b|\bhistory of\b|\bbrand names?\b|\bglossary\b|\bmore information\b"),
        (3.6, r"\blearn more\b|\bresources?\b|\bsupport groups?\b|\borgani[sz]ations?\b|\buseful (?:links|contacts)\b|\bpermission\b"),
        (2.6, r"^(?:types|kinds|forms|subtypes|categories) of\b|\btypes?$|^what (?:types|kinds)\b|\bcompared?\b|\b(?:vs|versus)\b"),
    ),
}
# fmt: on

SIGNALS = tuple(
    Signal(meaning, weight, re.compile(pattern)) for meaning, rows in _TABLE.items() for weight, pattern in rows
)
