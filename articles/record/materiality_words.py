"""Words on which a patient's safety can hang, in English, Spanish and German; and what may be a medicine's name.

They say in words why a change is material, and which words count as numbers and units, beside which no mark and no
spelling is free. A word that is missing here makes no change editorial by itself: whatever changes in words is material
(materiality_text.py).
"""

import re
from collections.abc import Iterable


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = words(
    """
    no not never none nobody nothing nowhere neither nor without cannot can't don't doesn't didn't won't wouldn't
    shouldn't couldn't isn't aren't wasn't weren't hasn't haven't hadn't mustn't needn't shan't mightn't ain't
    hardly barely scarcely lack lacks lacking absent absence free non n't
    nunca jamás nadie nada ningún ninguna ninguno ni sin tampoco apenas ausencia
    nicht nie niemals kein keine keinen keinem keiner keines nichts niemand weder noch ohne kaum nirgends
    """
)
CONDITIONS = words(
    """
    if unless except excepting only until till but however although though whether when whenever while before after
    during since because than instead otherwise provided despite
    si salvo excepto menos sólo solo solamente únicamente hasta pero aunque cuando mientras antes después durante
    wenn falls außer nur bis aber obwohl sofern solange während vor nach bevor nachdem sondern weil sonst
    """
)
HEDGES = words(
    """
    may might can could must should shall will would ought need needs have has recommended recommend recommends
    contraindicated contraindication advised allowed forbidden required optional possible possibly probable probably
    likely unlikely perhaps maybe certain certainly uncertain definite definitely clear clearly unclear appears
    appear
    seems seem suggests suggest shows show proves prove proven unproven evidence known unknown sure unsure certainty
    confidence moderate promising safe unsafe effective ineffective
    puede pueden podría podrían debe deben debería deberían tiene posible posiblemente probable probablemente
    improbable quizá quizás tal recomienda recomendado recomendada contraindicado contraindicada seguro segura
    incierto incierta parece sugiere demuestra muestra
    kann können könnte könnten darf dürfen muss müssen soll sollen sollte sollten möglich möglicherweise
    wahrscheinlich unwahrscheinlich vielleicht sicher unsicher vermutlich empfohlen kontraindiziert scheint
    zeigt nachgewiesen unklar wirksam unwirksam
    """
)
FREQUENCIES = words(
    """
    always often frequently sometimes occasionally rarely seldom usually generally mostly regularly continuously
    common uncommon rare frequent infrequent very daily nightly hourly weekly fortnightly monthly yearly annually
    every each per once twice thrice times time again day days night nights hour hours minute minutes week weeks
    month
    months year years morning evening noon bedtime mealtimes
    siempre frecuentemente a-veces veces vez raramente raro rara frecuente frecuentes común comunes diario diaria
    diariamente cada semanal mensual anual día días noche noches hora horas minuto minutos semana semanas mes meses
    año años mañana tarde
    immer oft häufig manchmal gelegentlich selten meist meistens gewöhnlich sehr täglich wöchentlich monatlich
    jährlich stündlich jede jeden jeder jedes pro mal tag tage tagen nacht nächte stunde stunden minute minuten
    woche
    wochen monat monate monaten jahr jahre jahren morgens abends mittags nachts
    """
)
NUMBERS = words(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands
    million
    millions billion billions trillion half halves third thirds quarter quarters fifth tenth tenths first second
    fourth single double doubled twofold threefold tenfold fold triple dozen pair couple both percent percentage
    point
    ii iii iv vi vii viii ix xi xii
    cero un una uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis
    diecisiete dieciocho diecinueve veinte veintiuno veintidós treinta cuarenta cincuenta sesenta setenta ochenta
    noventa cien ciento doscientos trescientos quinientos mil millón millones medio media mitad tercio cuarto
    primero
    primera segundo segunda doble triple docena ambos ambas por-ciento
    null ein eine einen einem einer eines eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn
    vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig
    neunzig hundert tausend million millionen milliarde halb halbe halben hälfte drittel viertel zehntel erste
    erster
    zweite doppelt dreifach zweifach einmal zweimal dreimal viermal dutzend beide prozent
    """
)
UNITS = words(
    """
    g mg kg µg μg ug mcg ng pg gram grams gramme grammes milligram milligrams microgram micrograms nanogram
    nanograms
    kilogram kilograms l dl cl ml µl μl litre litres liter liters millilitre millilitres milliliter milliliters cc
    m cm mm km metre metres meter meters centimetre centimetres millimetre millimetres iu ie ui u unit units mol
    mmol
    µmol μmol nmol meq mosm kcal cal kj j joule hz khz mhz bpm mmhg kpa pa bar °c °f celsius fahrenheit degree
    degrees
    kw mv ma gy mgy sv msv bq gray grays hr hrs min mins sec secs ms wk yr yrs ppm ppb oz lb lbs
    stone
    ft inch inches drop drops tablet tablets capsule capsules teaspoon teaspoons tablespoon tablespoons tsp tbsp
    puff
    puffs spray sprays patch patches sachet sachets dose doses ph
    gramo gramos miligramo miligramos microgramo microgramos kilo kilos litro litros mililitro mililitros gota gotas
    comprimido comprimidos tableta tabletas cápsula cápsulas cucharada cucharadas cucharadita cucharaditas dosis
    unidad
    unidades grado grados
    gramm milligramm mikrogramm kilogramm tropfen tablette tabletten kapsel kapseln esslöffel teelöffel dosen dosis
    einheit einheiten grad
    """
)
DIRECTIONS = words(
    """
    more most less least fewer few many much several all some any other another same different higher high low lower
    lowest highest increase increases increased increasing decrease decreases decreased decreasing raise raises
    raised
    reduce reduces reduced reducing reduction rise rises fall falls up down above below over under better worse
    improve improves improved worsen worsens worsened prevent prevents cause causes inhibit inhibits activate
    activates
    block blocks minimum maximum least almost nearly about around approximately up-to beyond within exceed exceeds
    left right upper inner outer acute chronic
    más menos mayor menor muchos muchas pocos pocas todo todos toda todas algunos algunas alto alta bajo baja
    aumenta
    aumentar aumento disminuye disminuir reduce reducir sube baja mejor peor casi izquierdo izquierda derecho
    derecha
    mehr meiste weniger wenigste viele wenige alle einige höher hoch niedriger niedrig erhöht erhöhen steigert senkt
    senken verringert verringern steigt fällt besser schlechter fast etwa über unter links rechts
    """
)
ACTIONS = words(
    """
    stop stops stopping start starts starting take takes taking avoid avoids avoiding continue continues swallow
    chew inject apply swap switch skip miss double wait call ask see seek tell use using drink eat drive
    deje dejar tome tomar evite evitar continúe continuar suspenda suspender use usar llame pregunte consulte
    nehmen einnehmen vermeiden meiden absetzen beenden fortsetzen anwenden rufen fragen trinken fahren
    """
)

# In the order in which a reader is told of them.
KINDS: tuple[tuple[frozenset[str], str], ...] = (
    (NEGATIONS, "a negation came, went or changed"),
    (NUMBERS, "a number changed"),
    (UNITS, "a unit or a form of dose changed"),
    (FREQUENCIES, "how often or how long changed"),
    (HEDGES, "how sure or how binding it is changed"),
    (DIRECTIONS, "a direction or an amount changed"),
    (CONDITIONS, "a condition or an exception changed"),
    (ACTIONS, "what to do changed"),
)
SIGNS = frozenset("<>≤≥≦≧±%‰°+=≠≈~−×÷*/^µμ½¼¾⅓⅔⅛#$€£∞→←↑↓")

# Stems and endings of international non-proprietary names. Source: WHO, Stem Book (INN), the common ones.
STEMS = (
    "mab|nib|olol|pril|prilat|sartan|statin|vastatin|azole|cillin|mycin|micin|prazole|cycline|floxacin|oxacin|vir|ciclib|"
    "limus|rapamycin|gliptin|gliflozin|glutide|glitazone|tide|parin|xaban|gatran|grel|setron|triptan|dipine|zosin|lukast|"
    "tadine|zepam|zolam|barbital|caine|curium|dronate|profen|oxicam|coxib|fenac|fibrate|steride|onide|asone|isone|olone|"
    "sone|lone|predn\\w*|cort\\w*|thiazide|semide|cef\\w*|ceph\\w*|sulfa\\w*|tretin\\w*|retin|platin|rubicin|taxel|"
    "tinib|cept|kin|stim|poetin|pressin|relin|insulin\\w*|morph\\w*|codone|orphan|fentanil|nidazole|conazole|"
    "oin|epine|pine|zine|zide|amide|amine|idine|dine|oxetine|tine|mide|zem|formin|melatonin|warfarin|aspirin|"
    "one|ine|ide|ate|ium"
)
STEM = re.compile(rf"(?:\w*(?:{STEMS}))")


def plain(core: str) -> str:
    """The letters of a word without quotation marks and brackets around them, in small letters."""
    return core.strip("\"'“”„‘’«»()[]{}.,;:!?¿¡…*").casefold()


def parts(core: str) -> list[str]:
    """The word and what stands between its hyphens and slashes: “non-toxic” is “non-toxic”, “non” and “toxic”."""
    whole = plain(core)
    if whole.endswith("n't"):
        return [whole, "n't"]
    return [whole, *re.split(r"[-/‐‑]", whole)] if re.search(r"[-/‐‑]", whole) else [whole]


def is_numeric(core: str) -> bool:
    """Whether it holds a digit or a sign of arithmetic, or is a number or a unit in words."""
    has_sign = any(character.isnumeric() or character in SIGNS for character in core)
    return has_sign or any(part in NUMBERS or part in UNITS for part in parts(core))


def reason_of(changed: Iterable[str], medicines: frozenset[str]) -> str:
    """Why a change of these words is material, or ""; `medicines` are names that the documents state."""
    given = list(changed)
    if any(character.isnumeric() for word in given for character in word):
        return "a number changed"
    if any(part in medicines for word in given for part in parts(word)):
        return "the name of a medicine or substance changed"
    found = {part for word in given for part in parts(word)}
    if why := next((why for listed, why in KINDS if found & listed), ""):
        return why
    if any(character in SIGNS for word in given for character in word):
        return "a sign of arithmetic or a unit changed"
    if any(len(part) > 5 and STEM.fullmatch(part) for part in found):
        return "what may be the name of a medicine changed"
    return ""
