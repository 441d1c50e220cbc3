"""A hand-made talk with every kind of slide and block, and the shipped theme for decks."""

from __future__ import annotations

from msgspec.structs import replace
from samples import inlines, paragraph, sample_words, shipped_theme, strong

from handouts.document.nodes import (
    Amount,
    Block,
    Blocks,
    Branch,
    BulletList,
    Callout,
    Card,
    CardRow,
    Cell,
    Chart,
    ChartRow,
    Citation,
    Comparison,
    Contact,
    Contacts,
    Cover,
    Crisis,
    CrisisLine,
    Document,
    Figure,
    Foreign,
    Fork,
    Heading,
    Inline,
    Labelled,
    Link,
    MainMessage,
    Outline,
    Outlines,
    Picture,
    QrCode,
    Script,
    Slide,
    SlideKind,
    Source,
    Sources,
    Steps,
    Table,
    Text,
)
from handouts.finding import Location
from handouts.theme import Theme, resolve_theme

HARBOUR = Outlines(
    200,
    80,
    (
        Outline((("M", (0, 50)), ("L", (160, 50)), ("L", (160, 80)), ("L", (0, 80)), ("Z", ())), "#4D4A47", "", 0),
        Outline((("M", (150, 50)), ("C", (150, 20, 154, 10, 156, 10)), ("L", (156, 50)), ("Z", ())), "", "#0F4C5C", 3),
    ),
)


def deck_theme(accent: str = "harbour", *, touches: bool = False) -> Theme:
    """Return the shipped theme, resolved for slides."""
    return resolve_theme(shipped_theme(), accent=accent, line="touches" if touches else "rests")


def bullets(*items: str) -> BulletList:
    return BulletList(tuple((paragraph(item),) for item in items))


def steps(*items: str) -> Steps:
    return Steps(tuple((paragraph(item),) for item in items))


def labelled(label: str, *parts: str | Inline) -> Labelled:
    return Labelled(inlines(label), (paragraph(*parts),))


def slide(title: str, *blocks: Block, kind: SlideKind = "content", label: str = "", sign: str = "") -> Slide:
    """Return a slide with notes."""
    notes: Blocks = (paragraph(f"What is said while “{title}” is shown."), bullets("Wait for the room.", "Look up."))
    return Slide(kind, inlines(title), inlines(label) if label else (), blocks, notes, sign=sign)


CRISIS = Crisis(
    short=(
        CrisisLine("In danger? Call", "999"),
        CrisisLine("Samaritans", "116 123"),
        CrisisLine("Abuse", "0808 2000 247"),
        CrisisLine("Stalking", "0808 802 0300"),
    )
)
CYCLE = Figure(
    "cycle",
    inlines("This circle has two ways out"),
    (
        ("sign", "“It is over”"),
        ("alarm", "Alarm: fear of being left"),
        ("rise", "Feelings rise fast"),
        ("urge", "Urge to reach out"),
        ("contact", "Contact"),
        ("relief", "Short relief, or more rejection"),
        ("pause", "Pause."),
        ("pause-text", "Wait, breathe, call someone else."),
        ("answer", "Same short answer, or none"),
    ),
    "A circle of five steps that feed each other, entered from the left; two arrows lead out of it.",
    inlines("Follow the circle once, then point at the two ways out."),
)
CHART = Chart(
    inlines("Fewer messages after each month"),
    "in 100",
    "",
    ("Evenings", "Nights"),
    (
        ChartRow("At the start", (Amount("86", 86.0), Amount("40", 40.0))),
        ChartRow("After one month, with somebody to call", (Amount("52", 52.0), Amount("17.5", 17.5))),
        ChartRow("After a year", (Amount("9", 9.0), Amount("0", 0.0))),
    ),
    "Pairs of bars that grow shorter from the start to a year later.",
    inlines("Each pair of bars is one month. The numbers are made up."),
    100.0,
)
FORK = Fork(
    inlines("Which of these is you?"),
    (
        Branch("red", inlines("Red: get help first"), (paragraph("You feel afraid. ", strong("Call today.")),)),
        Branch(
            "amber",
            inlines("Amber: unwanted, but no fear"),
            (paragraph("Send one clear message, then the same answer, or none."),),
        ),
        Branch("green", inlines("Green: you want some contact"), (bullets("Agree when and how.", "Keep to it."),)),
    ),
)
DO_AND_TRY = Comparison(
    inlines("Do"),
    inlines("Try not to"),
    (
        (inlines("Say it once"), inlines("Explain again and again")),
        (inlines("Give the same answer"), inlines("Answer the tenth call")),
        (inlines("Talk when you are calm"), inlines("Argue at night")),
        (inlines("Look after yourself"), inlines("Be the therapist")),
    ),
)
CONTACTS = Contacts(
    (
        Contact("In danger now", "Emergency", "999", "112 also works", "", "tel:999"),
        Contact("Thinking of suicide, or worried", "Samaritans", "116 123", "free, day and night", "", "tel:116123"),
        Contact("Afraid of a partner or ex", "Refuge", "0808 2000 247", "", "not yet confirmed", "tel:08082000247"),
        Contact("Followed, watched or tracked", "National Stalking Helpline", "0808 802 0300"),
        Contact("Near you", "", ""),
    )
)


def head(*words: str) -> tuple[Cell, ...]:
    return tuple(Cell(inlines(word), header=True) for word in words)


def row(first: str, *others: str) -> tuple[Cell, ...]:
    return (Cell(inlines(first), header=True), *(Cell(inlines(word)) for word in others))


EVIDENCE = Table(
    inlines("The features are well studied; the link to contact is less sure"),
    (head("Factor", "Evidence for it", "Link to contact"),),
    (
        row("Fear of abandonment", "several studies", "inferred"),
        row("Emotion dysregulation", "several studies", "moderate"),
        row("Idealise and devalue", "some studies", "moderate"),
        row("Identity, self-worth", "some studies", "moderate"),
        row("Difficulty letting go", "several studies", "indirect"),
        row("Need for validation", "some studies", "theory, laboratory"),
    ),
)
SPANNING = Table(
    (),
    ((Cell(inlines("Who"), header=True), Cell(inlines("What it may look like"), header=True, columns=2)),),
    (
        (
            Cell(inlines("A daughter"), header=True, rows=2),
            Cell(inlines("Calls at night")),
            Cell(inlines("Every week")),
        ),
        (Cell(inlines("Visits at work")), Cell(inlines("Twice"))),
        (Cell(inlines("A friend"), header=True), Cell(inlines("Long letters")), Cell(inlines("Once"))),
    ),
)


def source(number: int) -> Source:
    words = f"Author {number} A, Other B. A study of contact and closeness in relationships, part {number}. "
    address = f"https://doi.org/10.1000/{number}"
    return Source(number, f"source{number}", inlines(words, "Journal of Examples. 2020;1:1–9."), address)


SLIDES: tuple[Slide, ...] = (
    slide(
        "You said it is over. Why do they keep reaching out?",
        paragraph("A talk of 45 minutes. You can step out at any time."),
        kind="title",
        label="For partners and ex-partners",
    ),
    slide("In short", MainMessage(inlines("In short"), inlines("Your no is enough. You need not explain it twice."))),
    slide("Help is there today, for you and for them", CONTACTS),
    slide("What stands behind it", kind="section", label="Part 1"),
    slide(
        "Being left can feel like an emergency",
        labelled("It may feel like", "“If you go, I will not cope.”"),
        labelled("It may look like", "Many calls or visits at once"),
        labelled("What can help", "One calm, clear answer ", Citation(("source1", "source3"), (1, 3))),
        sign="left",
    ),
    slide("This circle has two ways out", CYCLE),
    slide("Fewer messages after each month", CHART),
    slide("One pattern, seen from above", replace(CYCLE, title=inlines("It goes round"))),
    slide(
        "Both people may be hurting, and both can be true",
        Script(inlines("They may feel this"), inlines("If you go, I will not cope.")),
        Script(inlines("You may feel this"), inlines("I am sad too. My answer is still no.")),
    ),
    slide(
        "A friend gets forty messages in one night. What would you say to them?",
        paragraph("In pairs, three minutes. You may pass."),
        kind="question",
    ),
    slide("Pause. Breathe out slowly.", paragraph("One minute. You do not have to share."), kind="pause"),
    slide("What you can do, and what you do not have to do", kind="section", label="Part 2"),
    slide("Which of these is you?", FORK),
    slide(
        "You can be kind and still say no",
        Script(
            inlines("When they are very upset"),
            inlines("I can hear how much this hurts. My answer is still no."),
            inlines("Say it once. Then give the same answer, or none."),
        ),
    ),
    slide("Short, kind and steady is enough", DO_AND_TRY),
    slide(
        "A limit says what you will do",
        steps("Choose one thing that you can keep.", "Say it when both are calm.", "Do what you said, each time."),
        paragraph("You may change it. Say so first."),
    ),
    slide(
        "Some days are harder than others",
        paragraph("It helps to know them before they come:"),
        BulletList(
            (
                (paragraph("birthdays and feast days"), bullets("yours", "theirs")),
                (paragraph("the day on which you parted"),),
                (paragraph("news of a new partner ", Foreign(inlines("(la nouvelle)"), "fr")),),
            )
        ),
    ),
    slide(
        "Both of you need somebody else to talk to",
        labelled("You", "A friend, a group, your doctor. Not the person who calls you."),
        labelled("They", "Their own friends, their therapist, a crisis line at night."),
    ),
    slide(
        "Keep yourself safe",
        Callout(inlines("If you are afraid"), (paragraph("Go where other people are, and call. Do not meet alone."),)),
    ),
    slide(
        "The features are well studied; the link to contact is less sure", EVIDENCE, paragraph("Several: five or more.")
    ),
    slide(
        "Families tell of very different things",
        paragraph("Three examples, changed so that nobody is known:"),
        SPANNING,
    ),
    slide(
        "More help stands online",
        QrCode("https://findahelpline.com", inlines("Help lines in your country, free and day and night.")),
    ),
    slide(
        "The harbour where we meet",
        Picture(HARBOUR, "A harbour wall with a light at its end", inlines("The harbour, drawn by the group.")),
    ),
    slide(
        "Six reasons, one at a time",
        Card(
            1,
            "rise",
            inlines("Feelings rise fast"),
            (
                CardRow(inlines("It may look like"), inlines("Ten messages")),
                CardRow(inlines("What can help"), inlines("Wait"), acts=True),
            ),
        ),
        Heading(3, inlines("And then")),
        Cover(inlines("For you"), inlines("The next one"), inlines("comes later")),
        paragraph(
            "See ", Link(inlines("the service’s page"), "https://example.org/help?a=1&b=2", "Opens the page"), "."
        ),
    ),
    slide("Sources", Sources(tuple(source(number) for number in range(1, 25)))),
)


def with_sections(slides: tuple[Slide, ...]) -> tuple[Slide, ...]:
    """Return `slides`, each with the title of the section slide before it."""
    found, section = [], ""
    for each in slides:
        section = (
            "".join(part.text for part in each.title if isinstance(part, Text)) if each.kind == "section" else section
        )
        found.append(replace(each, section=section))
    return tuple(found)


def sample_deck(*slides: Slide, crisis: Crisis = CRISIS, draft: str = "Draft 0.1") -> Document:
    """Return a talk of `slides`, or with every kind of slide; each slide has a place in a file."""
    placed = tuple(replace(each, at=Location("talk.md", line, 1)) for line, each in enumerate(slides or SLIDES, 1))
    return Document(
        name="sample",
        title="You said it is over. Why do they keep reaching out?",
        running_title="You said it is over",
        label="For partners and ex-partners",
        language="en-GB",
        foot="",
        draft=draft,
        author="The handouts project",
        subject="Contact after a break-up & what helps",
        keywords=("contact", "limits"),
        modified="2026-11-23",
        words=sample_words(),
        crisis=crisis,
        slides=with_sections(placed),
    )
