"""A hand-made handout with every kind of block, and the shipped theme and fixed words."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from msgspec.structs import replace
from paths import ROOT

from handouts.document.nodes import (
    Block,
    Blocks,
    Branch,
    BulletList,
    Callout,
    Card,
    CardRow,
    Cell,
    Citation,
    Comparison,
    Contact,
    Contacts,
    Cover,
    Crisis,
    CrisisColumn,
    CrisisLine,
    Document,
    Figure,
    FixedWords,
    Foreign,
    Fork,
    Heading,
    Inline,
    Inlines,
    Labelled,
    Link,
    MainMessage,
    Paragraph,
    QrCode,
    Script,
    Source,
    Sources,
    Steps,
    Strong,
    Table,
    Text,
)
from handouts.finding import Location
from handouts.load.files import SourceFolder
from handouts.load.templates import load_fixed_words
from handouts.load.themes import load_themes
from handouts.theme import Theme, ThemeSource, resolve_theme

TEMPLATES = ROOT / "templates"
MINIMUM_CONTRAST = 7.0  # of texts to their background in the shipped themes
BlockKind = TypeVar("BlockKind", bound=Block)


@cache
def shipped_theme() -> ThemeSource:
    """Return the source of the shipped theme, read once."""
    return load_themes(SourceFolder(TEMPLATES, []))["settling-line"]


def sample_theme(
    accent: str = "harbour", density: str = "standard", paper: str = "a4", edition: str = "standard"
) -> Theme:
    """Return the shipped theme, resolved for these options."""
    return resolve_theme(shipped_theme(), accent=accent, density=density, paper=paper, edition=edition)


def inlines(*parts: str | Inline) -> Inlines:
    """Return inline content: strings become text nodes."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def paragraph(*parts: str | Inline) -> Paragraph:
    return Paragraph(inlines(*parts))


def strong(words: str) -> Strong:
    return Strong(inlines(words))


def cited(*numbers: int) -> Citation:
    return Citation(tuple(f"source{number}" for number in numbers), numbers)


def placed(block: BlockKind, line: int) -> BlockKind:
    """Return `block` at a line of a file."""
    return replace(block, at=Location("sample.md", line, 1))


CRISIS = Crisis(
    columns=(
        CrisisColumn("In danger now?", (CrisisLine("Call", "999", target="tel:999"), CrisisLine("Local"))),
        CrisisColumn(
            "Thinking of suicide, or worried about someone?",
            (CrisisLine("Samaritans", "116\u00a0123", target="tel:116123"),),
        ),
        CrisisColumn(
            "Afraid of a partner or ex?",
            (
                CrisisLine("Abuse", "0808\u00a02000\u00a0247", target="tel:08082000247"),
                CrisisLine("Stalking", "0808 802 0300"),
            ),
        ),
    )
)
# The longest words and numbers of all countries.
LONG_CRISIS = Crisis(
    columns=(
        CrisisColumn(
            "In danger now?",
            (CrisisLine("Call or text", "911"), CrisisLine("Poison help line", "1-800-222-1222"), CrisisLine("Local")),
        ),
        CrisisColumn(
            "Thinking of suicide, or worried about someone?",
            (CrisisLine("Suicide & Crisis Lifeline", "988"), CrisisLine("Veterans", "988 then 1")),
        ),
        CrisisColumn(
            "Afraid of a partner or ex?",
            (CrisisLine("Domestic Violence Hotline", "1-800-799-7233"), CrisisLine("Victim helpline", "855-484-2846")),
        ),
    )
)

COVER = Cover(
    inlines("Partners and ex-partners"),
    inlines("You said it is over. Why do they keep reaching out?"),
    inlines("Why a person with borderline personality disorder (BPD) may keep seeking contact, and what you can do."),
)
MESSAGE = MainMessage(
    inlines("In short"),
    inlines(
        "Your no is enough. You can understand the reasons and still not answer. If you are afraid, get help first."
    ),
)
FORK = Fork(
    inlines("Start here. Which of these is you?"),
    (
        Branch(
            "red",
            inlines("Red: get help first"),
            (
                paragraph(
                    "You feel afraid. Or there are threats, following, tracking, breaking in, hitting or weapons. Or "
                    "it goes on after a clear “stop”. ",
                    strong("Call the abuse or stalking line below. Do not meet alone."),
                ),
            ),
        ),
        Branch(
            "amber",
            inlines("Amber: unwanted, but no fear"),
            (
                paragraph(
                    "Send one clear message. Then the same answer, or none. Keep a log. Tell someone. If it grows, go "
                    "to red."
                ),
            ),
        ),
        Branch(
            "green",
            inlines("Green: you want some contact"),
            (paragraph("Set limits that you can keep. Talk when you are both calm."),),
        ),
    ),
)
SAFE = Labelled(
    inlines("Keep safe"),
    (
        paragraph(
            "Think about who may see this sheet. It cannot show that anyone has BPD. Do not use it to label someone."
        ),
    ),
)


def card(number: int, sign: str, claim: str, feels: str, looks: str, helps: str, *blocks: Block) -> Card:
    rows = (
        CardRow(inlines("It may feel like"), inlines(feels)),
        CardRow(inlines("It may look like"), inlines(looks)),
        CardRow(inlines("What can help"), inlines(helps), acts=True),
    )
    return placed(Card(number, sign, inlines(claim), rows, blocks), 100 + number)


CARDS = (
    card(
        1,
        "left",
        "Being left can feel like an emergency.",
        "“If you go, I will not cope.”",
        "Many calls, messages or visits at once",
        "One calm, clear answer. No long debate.",
    ),
    card(
        2,
        "rise",
        "Feelings can rise fast and take longer to settle.",
        "“I have to do something right now.”",
        "Messages sent in a rush, then regret",
        "Time. You do not have to reply at once.",
    ),
    card(
        3,
        "swing",
        "You may seem perfect one day and cruel the next.",
        "“You are the best.” Then: “You never cared.”",
        "Angry words, then gifts or praise",
        "The same answer on good and bad days.",
        paragraph("A person can see all of someone again once the feeling has passed ", cited(2, 3), "."),
    ),
    card(
        4,
        "self",
        "Losing you can feel like losing themselves.",
        "“Without you, I do not know who I am.”",
        "Asking to stay part of your life, in any way",
        "Other people and routines, not only you.",
    ),
    card(
        5,
        "hold",
        "It can be hard to take in that it is over.",
        "“Maybe they will change their mind.”",
        "New hope after each reply, even a short one",
        "No “maybe”. Mixed replies may keep hope alive.",
    ),
    card(
        6,
        "heard",
        "We all need to feel seen and understood.",
        "“Tell me that I still matter.”",
        "Asking again and again if you cared",
        "“I hear how much this hurts. It is still no.”",
    ),
)
FIGURE = Figure(
    "cycle",
    inlines("One common pattern has two ways out"),
    (
        ("sign", "A sign of distance, or “It is over”"),
        ("alarm", "Alarm: fear of being left"),
        ("rise", "Feelings rise fast"),
        ("urge", "Urge to reach out"),
        ("contact", "Contact: calls, texts, visits"),
        ("relief", "Short relief, or more rejection"),
        ("pause", "Pause"),
        ("pause-text", "Wait. Breathe. Call someone else."),
        ("answer", "Same short answer, or none"),
    ),
    "Six steps in a circle. Two of them have a way out.",
    inlines("Start at 1 and follow the arrows. Use your way out each time. Not everyone follows this pattern."),
)
STEPS = Steps(
    tuple(
        (paragraph(words),)
        for words in (
            "Decide in private: no contact, some contact, or usual contact.",
            "Check the red, amber and green signs again.",
            "Say it once. Keep it short, clear and kind.",
            "Give the same answer each time, or none.",
            "Tell two people you trust.",
            "Look at your plan again in 2 to 4 weeks.",
        )
    )
)
SCRIPTS = (
    Script(
        inlines("To end it"),
        inlines(
            "I have decided to end our relationship. I will not change my mind. I will not reply after today. I hope "
            "you get support."
        ),
    ),
    Script(
        inlines("They write again"),
        inlines("I meant what I said. I am not going to reply again."),
        inlines("Say this once. After that, no reply."),
    ),
    Script(inlines("They are upset"), inlines("I can hear how much this hurts. My answer is still no.")),
)
COMPARISON = Comparison(
    inlines("Do"),
    inlines("Try not to"),
    tuple(
        (inlines(left), inlines(right))
        for left, right in (
            ("Say it once", "Explain again and again"),
            ("Keep it short and kind", "Use insults or sarcasm"),
            ("Give the same answer each time", "Answer the tenth call"),
            ("Talk when you are calm", "Argue at night"),
        )
    ),
)


def row(*words: str | Inline, head: bool = False) -> tuple[Cell, ...]:
    return tuple(Cell(inlines(each), header=head or not index) for index, each in enumerate(words))


TABLE = Table(
    inlines("How strong is the evidence?"),
    (row("Factor", "In our words", "Evidence", "Link to contact", head=True),),
    (
        row(
            "Fear of abandonment",
            "frantic efforts to avoid real or imagined abandonment",
            "several studies",
            "inferred",
        ),
        row(
            "Emotion dysregulation", "reactive mood, anger, impulsivity, stress-linked paranoia", "several", "moderate"
        ),
        row("Idealisation and devaluation", "unstable, intense relationships", "some direct", "moderate"),
        row("Need for validation", "not a criterion; biosocial theory", "theory", "theory, lab"),
    ),
)
CALLOUT = Callout(
    inlines("If someone talks of suicide"),
    (
        paragraph(
            "Take it seriously, every time. ", strong("Call, and stay on the line."), " You can do this and still"
        ),
        BulletList(((paragraph("keep the limit you have set, and"),), (paragraph("look after yourself."),))),
    ),
)
CONTACTS = Contacts(
    (
        Contact("In danger now", "Emergency services", "999", "phone, at any hour", "", "tel:999"),
        Contact("Thoughts of suicide, or a crisis", "Samaritans", "116 123", "free, day and night", "", "tel:116123"),
        Contact(
            "Followed, tracked or contacted again and again",
            "National Stalking Helpline",
            "0808 802 0300",
            "weekdays",
            "not yet confirmed",
            "tel:08088020300",
        ),
        Contact("Near you", "A line to write on", ""),
    )
)
SOURCES = Sources(
    tuple(
        Source(number, f"source{number}", inlines(words))
        for number, words in (
            (1, "Foxhall M, Hamilton-Giachritsis C, Button K. Br J Clin Psychol. 2019;58(3):289-326."),
            (2, "Daros AR, Williams GE. A meta-analysis of how feelings are regulated. Harv Rev Psychiatry. 2019."),
            (3, "Coifman KG, Berenson KR, Rafaeli E, et al. J Abnorm Psychol. 2012;121(3):668-679."),
        )
    )
)
CODE = QrCode("https://findahelpline.com", inlines("Help lines in more than a hundred countries:"))
PROSE: Blocks = (
    paragraph(
        "Many people reach out after a break-up, and most do not have BPD. For some people with BPD the pull may be "
        "stronger ",
        cited(1),
        ". They often feel real distress, and they do not set out to harm. The French call it ",
        Foreign(inlines("mal d’amour"), "fr"),
        ".",
    ),
    BulletList(
        (
            (paragraph("Clear limits help both people."),),
            (
                paragraph("Honest words help, if they stay the same:"),
                BulletList(((paragraph("on good days,"),), (paragraph("and on bad days."),))),
            ),
        )
    ),
    Heading(3, inlines("Treatment can help")),
    paragraph(
        "Dialectical behaviour therapy (DBT) has been studied most ",
        cited(1, 2),
        ". More is written at ",
        Link(inlines("the service’s own page"), "https://example.org/dbt", "About DBT"),
        ", and a therapist can say what fits.",
    ),
)
EVERYTHING: Blocks = (
    COVER,
    MESSAGE,
    FORK,
    SAFE,
    Heading(2, inlines("Six reasons for the pull"), "reasons", opens_page=True),
    paragraph("Many people reach out after a break-up. For some people with BPD, these may make the pull stronger."),
    *CARDS,
    Heading(2, inlines("How the pull can go round"), "round", opens_page=True),
    FIGURE,
    Heading(2, inlines("Six steps you can take"), "steps"),
    STEPS,
    Heading(2, inlines("Words you can use"), "words", opens_page=True),
    paragraph("Change them so they sound like you. Short is enough."),
    *SCRIPTS,
    COMPARISON,
    CALLOUT,
    Heading(2, inlines("What is known"), "known", opens_page=True),
    *PROSE,
    TABLE,
    Heading(2, inlines("Where to get help"), "help", opens_page=True),
    CONTACTS,
    CODE,
    Heading(2, inlines("Sources"), "sources"),
    SOURCES,
)


@cache
def sample_words() -> FixedWords:
    """Return the shipped fixed words, read once."""
    return load_fixed_words(SourceFolder(TEMPLATES, []))["en"]


def sample_document(*blocks: Block, crisis: Crisis = CRISIS, foot: str = "") -> Document:
    """Return a handout of `blocks`, or with every kind of block."""
    return Document(
        name="sample",
        title="You said it is over. Why do they keep reaching out?",
        running_title="You said it is over",
        label="For partners and ex-partners",
        language="en-GB",
        foot=foot or "For partners and ex-partners · Draft 0.1: not reviewed, phone lines not confirmed · Nov 2026",
        draft="Draft 0.1",
        author="The handouts project",
        subject="Contact after a break-up",
        keywords=("contact", "limits"),
        modified="2026-11-23",
        words=sample_words(),
        crisis=crisis,
        blocks=blocks or tuple(placed(block, line) for line, block in enumerate(EVERYTHING, 1)),
    )
