"""Is one word the other one, spelt anew? Pure; by explicit lists, so that no guess is ever made.

Three lists, each symmetric: British and American spellings of one word; frequent misspellings that no slip explains;
and words so far from any other that a slip of the keys is still the same word. For that third list, each slip of
each word was looked up in large dictionaries (SCOWL's huge American and British lists, German and Spanish ones) and
a word was kept only where none of them is a word: “medical” (medial), “medication” (mediation), “patient” (patent)
and “previous” (pervious) were not, nor was anything that says how much, how often, how sure or which medicine.
Names of medicines and units stand in no list, oestrogen and gram included: their spelling is for a clinician.
"""

from articles.record.materiality_words import words

SHORTEST = 7  # letters of a word whose slips are known


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """“colour:color” as two words."""
    return frozenset((one, other) for pair in text.split() for one, other in [pair.split(":")])


SPELLINGS = _pairs(
    """
    anaemia:anemia anaemic:anemic leukaemia:leukemia ischaemia:ischemia ischaemic:ischemic septicaemia:septicemia
    haemoglobin:hemoglobin haemorrhage:hemorrhage haemorrhages:hemorrhages haematology:hematology haematoma:hematoma
    haemophilia:hemophilia haemorrhoids:hemorrhoids hypoglycaemia:hypoglycemia hyperglycaemia:hyperglycemia
    glycaemic:glycemic hyperlipidaemia:hyperlipidemia hypercalcaemia:hypercalcemia hyponatraemia:hyponatremia
    hypokalaemia:hypokalemia hyperkalaemia:hyperkalemia anaesthesia:anesthesia anaesthetic:anesthetic
    anaesthetics:anesthetics anaesthetist:anesthetist paediatric:pediatric paediatrics:pediatrics
    paediatrician:pediatrician orthopaedic:orthopedic gynaecology:gynecology gynaecologist:gynecologist
    gynaecological:gynecological oedema:edema oesophagus:esophagus oesophageal:esophageal diarrhoea:diarrhea
    dyspnoea:dyspnea apnoea:apnea foetus:fetus foetal:fetal coeliac:celiac caesarean:cesarean faeces:feces
    faecal:fecal aetiology:etiology colour:color colours:colors coloured:colored colouring:coloring
    discolouration:discoloration behaviour:behavior behaviours:behaviors behavioural:behavioral tumour:tumor
    tumours:tumors odour:odor odours:odors favour:favor favours:favors favourite:favorite labour:labor
    neighbour:neighbor neighbours:neighbors flavour:flavor flavours:flavors humour:humor vapour:vapor rumour:rumor
    honour:honor centre:center centres:centers fibre:fiber fibres:fibers theatre:theater ageing:aging
    judgement:judgment mould:mold moulds:molds analyse:analyze analysed:analyzed analysing:analyzing
    catalyse:catalyze catalysed:catalyzed paralysed:paralyzed organise:organize organised:organized
    organisation:organization organisations:organizations recognise:recognize recognised:recognized
    recognising:recognizing randomised:randomized randomisation:randomization hospitalised:hospitalized
    hospitalisation:hospitalization specialise:specialize specialised:specialized specialising:specializing
    stabilise:stabilize stabilised:stabilized summarise:summarize summarised:summarized emphasise:emphasize
    emphasised:emphasized characterise:characterize characterised:characterized categorise:categorize
    categorised:categorized standardised:standardized sterilise:sterilize sterilised:sterilized normalise:normalize
    normalised:normalized moisturise:moisturize moisturiser:moisturizer moisturisers:moisturizers
    moisturising:moisturizing sensitise:sensitize sensitised:sensitized metabolise:metabolize
    metabolised:metabolized crystallise:crystallize localised:localized generalised:generalized
    individualised:individualized apologise:apologize prioritise:prioritize realise:realize realised:realized
    utilise:utilize utilised:utilized visualise:visualize customised:customized labelled:labeled labelling:labeling
    modelling:modeling modelled:modeled travelling:traveling traveller:traveler travellers:travelers
    counselling:counseling counsellor:counselor signalling:signaling fuelled:fueled fulfil:fulfill enrol:enroll
    enrolment:enrollment skilful:skillful instalment:installment manoeuvre:maneuver defence:defense offence:offense
    pretence:pretense haemostasis:hemostasis leucocyte:leukocyte leucocytes:leukocytes homoeostasis:homeostasis
    """
)
MISSPELT = _pairs(
    """
    seperate:separate seperated:separated seperately:separately treatement:treatment treatements:treatments
    independant:independent existance:existence tendancy:tendency catagory:category maintainance:maintenance
    symtoms:symptoms symtom:symptom occurance:occurrence experiance:experience reccommendation:recommendation
    reccommendations:recommendations inflamation:inflammation inflamatory:inflammatory dandruf:dandruff eczma:eczema
    excema:eczema exzema:eczema psoriosis:psoriasis pharmicist:pharmacist physican:physician
    dermatoligist:dermatologist
    """
)
STURDY = words(
    """
    inflammation inflammatory treatment treatments symptom symptoms condition conditions disease diseases disorder
    disorders doctors clinician clinicians physician pharmacist specialist specialists hospital hospitals research
    scientific scientists studied experiment experiments participants volunteers together difference differences
    information questions question answers article articles section sections introduction conclusion summary
    follicle follicles dandruff psoriasis dermatitis itching irritation irritated redness surgery surgical recovery
    allergic allergy allergies response responses immunity infection infections bacterial viruses pregnancy pregnant
    breastfeeding children persons shampoo conditioner vomiting headache headaches dizziness tiredness fatigue
    constipation kidneys stomach intestine intestinal muscles tissues protein proteins beginning beginnings
    definition description explanation example examples guidelines guideline practice receive received receives
    receiving believed achieve achieved separate separately occurred occurring occurrence recommendation
    recommendations environment government professionals development experience experienced knowledge language
    literature management mechanism mechanisms nutrition organization organisation population populations procedure
    procedures process publication published publisher publishing reference references relationship similar
    similarly specific specifically technique techniques themselves understand understanding university website
    websites newsletter consultation appointment appointments schedule diagnosis diagnosed diagnostic examination
    clinical clinically dermatologist dermatology accommodate accommodation address aggravate argument beautiful
    calendar category committee completely conscious consistent convenient correspondence curiosity disappear
    disappeared disappoint embarrass embarrassed embarrassing emotional equipment especially exaggerate excellent
    existence familiar foreign fortunately gradually happened independent intelligence interest interested
    interesting laboratory laboratories leisure library maintenance millennium miniature mischievous noticeable
    opportunity parallel personal physical pneumonia preferred privilege pronunciation psychology psychological
    questionnaire realistic recognise responsible restaurant sandwich schizophrenia secretary sincerely success
    successful successfully support surprise therapeutic therapist therapies tomorrow transferred unfortunately
    vegetable vegetables vehicle tratamiento tratamientos síntomas enfermedad enfermedades paciente pacientes
    médicos información investigación cabelludo picazón enrojecimiento irritación embarazo lactancia preguntas
    behandlung behandlungen krankheit krankheiten entzündung entzündungen schwangerschaft kopfhaut juckreiz
    haarausfall patientin informationen untersuchung untersuchungen forschung ergebnisse
    """
)


def is_same_word(one: str, other: str) -> bool:
    """Whether two words of letters alone are one word. Capitals must agree; slips are known of small letters only."""
    small, others = one.lower(), other.lower()
    if _shape(one) != _shape(other) or not _shape(one):
        return False
    if (small, others) in SPELLINGS or (others, small) in SPELLINGS:
        return True
    if one != small:
        return False
    is_misspelt = (small, others) in MISSPELT or (others, small) in MISSPELT
    return is_misspelt or _is_slip(small, others) or _is_slip(others, small)


def slips(word: str) -> set[str]:
    """A word with two inner letters swapped, an inner letter missing, or a letter doubled."""
    inner = range(1, len(word) - 1)
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in inner}
    missing = {word[:at] + word[at + 1 :] for at in inner}
    doubled = {word[: at + 1] + word[at:] for at in range(len(word))}
    return (swapped | missing | doubled) - {word}


def _is_slip(word: str, slip: str) -> bool:
    return len(word) >= SHORTEST and word in STURDY and slip not in STURDY and slip in slips(word)


def _shape(word: str) -> str:
    """How it is written: small, or with a capital first. "" for what is written otherwise."""
    if word == word.lower():
        return "small"
    return "capital" if word[:1] == word[:1].upper() and word[1:] == word[1:].lower() else ""
