"""An article of 900 words, as an author types it. The words are ours; the three works are those of a demo's library."""

TITLE = "Dandruff"
SUMMARY = "Dandruff is common and harmless. Medicated shampoo helps most people, if they use it for long enough."
# {kind, or kind and aspect: (heading, text)}
SECTIONS = {
    "introduction": (
        "What is dandruff?",
        "Dandruff makes the skin of the scalp come off in small white or grey flakes. The flakes fall on the shoulders "
        "and show on dark clothes, and the scalp may itch. Dandruff is not a sign of poor washing, and you cannot pass "
        "it on to anybody else. It comes and goes, often for years, and tends to be worse in the cold months. Most "
        "people can keep it under control with a shampoo from the pharmacy. This page is for adults who have flakes "
        "and want to know what causes them, what helps, and when it is time to ask a doctor. It does not cover "
        "cradle cap, which is how a similar problem is called in babies. The main thing to know is simple: choose a "
        "medicated shampoo, leave it on for some minutes, and keep using it for several weeks.",
    ),
    "prose/symptoms": (
        "What are the symptoms?",
        "The most common sign is flakes in the hair and on the shoulders. They are dry or a little greasy, and they "
        "come back soon after washing. Many people also feel an itch or a tight scalp. The skin below may look a bit "
        "red on pale skin, and lighter or darker than the rest on brown or black skin. Dandruff does not make the hair "
        "fall out for good, but hard scratching can break hairs and hurt the skin. The flakes may also show up in the "
        "eyebrows, beside the nose, behind the ears or on the chest. It is then called seborrhoeic dermatitis, which "
        "is the same disease in a stronger form. Stress, little sleep and cold weather can make the signs worse, "
        "and sunny weeks often make them milder for a while.",
    ),
    "causes": (
        "What causes it?",
        "Nobody knows the one cause. Several things come together, and they differ from one person to the next. Oil "
        "on the skin, yeast that lives on it, and how the skin answers to both all play a part. Washing too little is "
        "not the reason, though flakes show more when they are left to gather.",
    ),
    "prose/treatment": (
        "How is it treated?",
        "Start with a medicated shampoo. Wet the hair, rub the shampoo into the scalp, leave it on for some minutes, "
        "and then rinse it out well. Use it a few times a week at first, and once a week when the flakes have gone. If "
        "one kind does not help after a month, try another with a different active substance. Shampoos with "
        "ketoconazole, selenium sulfide, zinc pyrithione or coal tar can be bought without a prescription in many "
        "countries. You can use your own shampoo on the other days. If you do nothing, dandruff does no harm, and for "
        "some people it fades by itself for a time. A doctor can prescribe a lotion for a scalp that is very red or "
        "sore. What is right for you depends on your skin, your hair and how much the flakes bother you, so talk it "
        "through with a pharmacist or a doctor. See a doctor if a medicated shampoo has not helped after a month, if "
        "the itch keeps you awake, or if the skin is swollen, sore or weeps. Ask sooner if you have a weak immune "
        "system, or if patches with thick scales also show on your elbows and knees, since that can be psoriasis. "
        "Children with a scaly scalp and bald patches should be seen soon, because ringworm needs tablets.",
    ),
    "evidence": (
        "What do studies show?",
        "Good studies look at how the scalp heals over some weeks of washing. They say less about what happens in the "
        "years after, and they seldom ask people with tightly curled hair, who wash less often. So we know that "
        "shampoos work for a while, and we know much less about which one is best in the long run.",
    ),
    "risks": (
        "What are the risks?",
        "Most people have no trouble with a medicated shampoo. Stop using it and ask a pharmacist if your scalp burns "
        "or swells. Coal tar can stain light hair and cloth, and it makes skin more sensitive to the sun. Keep all of "
        "these shampoos out of your eyes, and rinse with plenty of water if some gets in.",
    ),
    "prose/living-with": (
        "Living with it",
        "Dandruff can be a burden even though it does no harm. Wear light colors on bad days if that helps you to "
        "feel at ease, and brush your hair before you go out. Try to be gentle with your scalp: use lukewarm water, "
        "do not scratch, and leave out sprays and gels for some days to see whether the itch gets better. Regular "
        "sleep and less stress help some people. No diet has been shown to cure it. If you worry a lot about how "
        "your hair looks, tell a doctor, since there is nearly always something else that can be tried. Hairdressers "
        "know dandruff well and are not put off by it, so you can go to one without shame.",
    ),
}
CAUSES = (
    ("Yeast on the skin", "A yeast that lives on every scalp feeds on its oil and can irritate the skin."),
    ("Oily skin", "Glands that make more oil give the yeast more to feed on."),
    ("Dry air and cold", "Heated rooms and cold air dry the skin, so that it flakes."),
)
FINDING = "Ketoconazole shampoo clears flakes better than a shampoo without it, for as long as people use it."
QUOTE = "Ketoconazole shampoo reduced scaling and itching more than the vehicle."
# (title, authors, journal, year)
WORKS = (
    ("Ketoconazole shampoo for dandruff: a trial", "Adams, Jane", "Journal of Scalps", "2023"),
    ("Yeasts of the human scalp", "Baker, Tom", "Skin and Hair", "2022"),
    ("Side effects of medicated shampoos", "Cole, Ann", "Drug Safety Letters", "2024"),
)
EFFECTS = ("A burning scalp", "Dry hair")
CAUTION, ADVICE = "People who are pregnant", "Ask a doctor or a pharmacist before you use coal tar."
