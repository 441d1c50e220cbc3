"""The keys of the YAML files of content, as data: what each is for, and what its value may be.

To add a key, add it here, and read it where its file is read; error messages, schemas and completion in editors follow.
"""

from __future__ import annotations

from handouts.document.seen_words import SECTION_HASH_LENGTH, WORDS_HASH_LENGTH
from handouts.finding import Severity
from handouts.formats import FORMAT_OPTIONS
from handouts.library import DEFAULT_TEMPLATES, OTHER_FORMATS, REVIEWER_ROLES, WORDING_CODES
from handouts.load.value_shapes import (
    AnyText,
    ByAudience,
    Choice,
    Day,
    Flag,
    Key,
    Keys,
    ListOf,
    Name,
    Number,
    Shape,
    required,
)
from handouts.markdown.inline_parser import ALLOWED_ADDRESS
from handouts.markdown.names import LONGEST_TALK
from handouts.service import MAX_FIELD_CHARACTERS, MAX_LOCAL_LINES, WEB_ADDRESS

READING_PLACES = ("handout", "slides", "notes", "worksheet")
REQUIRABLE_BLOCKS = ("main-message", "fork", "contacts", "sources")
_MAX_SET_VALUES = 100
_MAX_OTHER_FORMATS = 100

_FILLED = AnyText(filled=True)
_ADDRESS = AnyText(pattern=f"({ALLOWED_ADDRESS.pattern})?", hint="Write tel: and digits, or https://…")
_WEB_ADDRESS = AnyText(
    most=MAX_FIELD_CHARACTERS["web"],
    pattern=f"({WEB_ADDRESS.pattern})?",
    hint="Write an address that begins with https://.",
)
_AUDIENCES = ListOf(Name("audience"))
_LENGTH = Number(1, LONGEST_TALK, whole=True)
_DEFAULT_TEMPLATE = Choice("template that is made without being asked for", DEFAULT_TEMPLATES)
_CONDITION = Keys(
    {
        "name": required(_FILLED, "What the condition is called in full."),
        "short": required(_FILLED, "What it is called in short."),
    }
)

# ---------------------------------------------------------------- audiences.yaml

_READING_LIMITS = Keys(
    {
        "grade": Key(Number(), "The school grade of the whole; above it is a warning."),
        "grade-most": Key(Number(), "The school grade of the whole; above it is an error."),
        "sentence": Key(Number(), "Words in a sentence, at most."),
        "mean": Key(Number(), "Words in a sentence, on average."),
        "paragraph": Key(Number(), "Sentences in a paragraph, at most."),
        "section": Key(Number(), "Words between two headings, at most."),
        "list": Key(Number(), "Items of a list, at most."),
        "passive": Key(Number(), "Sentences in the passive voice, in percent, at most."),
        "hard": Key(Number(), "Hard words, in percent, at most."),
    }
)
_LINE = Choice("line", ("plain", "rests", "touches"), "plain")
AUDIENCE = Keys(
    {
        "name": required(_FILLED, "What these readers are called in lists."),
        "cover": required(_FILLED, "What they are called on the cover of the handout."),
        "label": required(_FILLED, "What stands at the head and foot of every page, such as: For family members."),
        "accent": required(Name("accent", filled=True), "One of the accents of the theme."),
        "density": Key(Name("density"), "How close text stands: standard, or another density of the theme."),
        "line": Key(
            _LINE, "How the line of cover and slides ends, where a topic does not say: plain, or rests or touches."
        ),
        "reading": Key(
            Keys({place: Key(_READING_LIMITS, f"How hard the words of {place} may be.") for place in READING_PLACES}),
            "How hard the words may be to read, by where they are read; {} if nothing is to be judged.",
        ),
        "grades": Key(ListOf(AnyText()), "How sure a claim is: each sentence with a source names one, such as (A)."),
    }
)
AUDIENCES = Keys(others=AUDIENCE, named="an audience")

# ---------------------------------------------------------------- kinds.yaml

_PART_KIND = Keys(
    {
        "holds": required(
            Choice("content of a part", ("line", "blocks"), "blocks"), "One paragraph (line), or anything (blocks)."
        ),
        "required": Key(Flag(), "Whether each section of this kind has this part."),
        "template": Key(_DEFAULT_TEMPLATE, "The part is only required in topics that are made by this template."),
        "what": Key(AnyText(), "What a writer puts into this part, in one sentence."),
        "with": Key(AnyText(), "The part of the same section that each of its readers has to have too."),
        "timed": Key(Flag(), 'Whether the part takes minutes="…", and its section is a slide.'),
    }
)
_SECTION_KIND = Keys(
    {
        "parts": required(Keys(others=_PART_KIND), "The parts that a section of this kind can have."),
        "attributes": Key(ListOf(AnyText()), "What can be said of a section of this kind on its first line."),
        "numbered": Key(Flag(), "Whether these sections are counted in the handout."),
        "cards": Key(Flag(), "Whether these sections stand as cards in the numbered section before them."),
    }
)
SECTION_KINDS = Keys(others=_SECTION_KIND, named="a kind of section")

# ---------------------------------------------------------------- service.yaml

_LOCAL_LINE = Keys(
    {
        "name": required(AnyText(filled=True, most=MAX_FIELD_CHARACTERS["name"]), "Who answers, such as: Night team."),
        "number": required(AnyText(filled=True, most=MAX_FIELD_CHARACTERS["phone"]), "The number to call."),
    }
)
SERVICE = Keys(
    {
        "name": Key(AnyText(most=MAX_FIELD_CHARACTERS["name"]), "The service that hands the material out."),
        "phone": Key(
            AnyText(most=MAX_FIELD_CHARACTERS["phone"]),
            "Printed in the box for danger on every page, beside the emergency number: give a number where somebody "
            "answers in a crisis. An office's number belongs in the further lines. Empty leaves a line to write on.",
        ),
        "country": Key(Name("country"), "Whose help lines are printed; empty prints no national number."),
        "paper": Key(Choice("paper", ("a4", "letter", "a5"), "a4"), "The paper of handouts."),
        "theme": Key(Name("theme"), "How all looks: settling-line, plain-meadow, or a file of content/themes."),
        "spelling": Key(
            Choice("spelling", ("british", "american"), "british"), "How English words are spelt on pages and slides."
        ),
        "condition": Key(
            Keys(
                {
                    **_CONDITION.known,
                    "topics": Key(ListOf(Name("topic")), "The topics whose condition it is; all, if it is left out."),
                }
            ),
            "What the service calls the condition; it replaces the words of the text.",
        ),
        "address": Key(AnyText(most=MAX_FIELD_CHARACTERS["address"]), "Printed where one looks up whom to call."),
        "hours": Key(AnyText(most=MAX_FIELD_CHARACTERS["hours"]), "When the phone is answered."),
        "logo": Key(AnyText(most=MAX_FIELD_CHARACTERS["logo"]), "A file in content/pictures: PNG, JPEG or SVG."),
        "lines": Key(ListOf(_LOCAL_LINE, most=MAX_LOCAL_LINES), "More numbers near the reader."),
        "web": Key(_WEB_ADDRESS, "Its page for readers on the web: a handout ends with its address and code."),
    }
)

# ---------------------------------------------------------------- terms.yaml, spellings.yaml

_TERM = Keys(
    {
        "means": required(_FILLED, "What the word means, as it is printed where the word is first used."),
        "for": required(_AUDIENCES, "The audiences that the word is explained to."),
    }
)
TERMS = Keys(others=_TERM)
SPELLINGS = Keys(others=_FILLED)

# ---------------------------------------------------------------- contacts/<country>.yaml

CONTACT = Keys(
    {
        "need": required(Name("need", filled=True), "What somebody needs who calls: a need that has words."),
        "name": required(_FILLED, "Who answers."),
        "number": required(_FILLED, "The number to call, or another way to reach them."),
        "confirmed_on": required(Day(), "The day on which somebody asked the operator; while empty, it says so."),
        "how": Key(AnyText(), "What helps to know before one calls, such as: free, 24/7."),
        "target": Key(_ADDRESS, "What a click opens: tel: and digits, or https://…"),
        "crisis": Key(Flag(), "Whether the line stands in the box at the foot of every page."),
        "label": Key(AnyText(), "The words before the number in that box."),
        "for": Key(_AUDIENCES, "The audiences that the line is printed for; all, if it is left out."),
        "topics": Key(ListOf(Name("topic")), "The topics that the line is printed for; all, if it is left out."),
    }
)
CONTACTS = ListOf(CONTACT)

# ---------------------------------------------------------------- wording/<language>.yaml

_WORDING_RULE = Keys(
    {
        "code": required(
            Choice("family of wording rules", WORDING_CODES, WORDING_CODES[0]), "The family that the rule belongs to."
        ),
        "severity": required(Choice("severity", tuple(map(str, Severity)), "error"), "Whether it stops a build."),
        "find": required(
            ListOf(AnyText()),
            "Phrases to look for: * is the rest of a word, (a|b) one of them, ... up to six words.",
        ),
        "say": required(_FILLED, "What to write instead."),
        "why": required(_FILLED, "Why the words harm, or do not help."),
        "unless": Key(ListOf(AnyText()), "Phrases that make it right where they hold what was found."),
        "for": Key(_AUDIENCES, "The audiences that it is looked for in; all, if it is left out."),
        "topics": Key(ListOf(Name("topic")), "The topics that it is looked for in; all, if it is left out."),
    }
)
WORDING_RULES = Keys(others=_WORDING_RULE, named="a rule")

# ---------------------------------------------------------------- references.yaml

_SOURCE_TYPES = (
    "article-journal", "book", "chapter", "report", "webpage", "thesis", "paper-conference", "pamphlet", "manuscript",
    "article-newspaper", "article-magazine", "legal_case", "dataset", "document",
)  # fmt: skip
_REFERENCE = Keys(
    {
        "title": required(_FILLED, "What the source is called."),
        "type": Key(Choice("type of source", _SOURCE_TYPES, "document"), "What the source is."),
        "author": Key(
            AnyText(), "Who wrote it: Family, Given; Family, Given; a name without a comma is an organisation."
        ),
        "more-authors": Key(Flag(), "Whether there are authors who are not listed."),
        "short-author": Key(AnyText(), "What the short list of sources says in place of the authors."),
        "year": Key(AnyText(), "The year in which it appeared."),
        "container-title": Key(AnyText(), "The journal, or the book that a chapter is in."),
        "volume": Key(AnyText(), "The volume of the journal."),
        "issue": Key(AnyText(), "The issue of the volume."),
        "page": Key(AnyText(), "The pages, such as: 289-301."),
        "publisher": Key(AnyText(), "Who published it."),
        "publisher-place": Key(AnyText(), "The town of the publisher."),
        "edition": Key(AnyText(), "Which edition it is, such as: 2nd."),
        "genre": Key(AnyText(), "What kind of report it is, such as: Guideline."),
        "number": Key(AnyText(), "The number of the report."),
        "DOI": Key(AnyText(), "Its DOI, such as: 10.1000/182."),
        "URL": Key(AnyText(), "Its address, if it has no DOI; it begins with https://."),
    }
)
REFERENCES = Keys(others=_REFERENCE)

# ---------------------------------------------------------------- build.yaml

_SET_FLAG = Choice("answer", ("no", "yes"), "no")


def _one_or_more(item: Shape) -> ListOf:
    """Return the shape of an option with one value or a list of them."""
    return ListOf(item, most=_MAX_SET_VALUES, or_one=True)


BUILD_SET = Keys(
    {
        "topic": Key(_one_or_more(Name("topic")), "Only these topics."),
        "audience": Key(_one_or_more(Name("audience")), "Only for these audiences."),
        "language": Key(_one_or_more(Name("language")), "Only these languages."),
        "template": Key(_one_or_more(Name("template")), "Only these templates."),
        "format": Key(_one_or_more(Choice("format", FORMAT_OPTIONS)), "Only these formats."),
        "edition": Key(_one_or_more(Name("edition")), "These editions, such as large-print."),
        "paper": Key(_one_or_more(Name("paper")), "The paper of handouts and notes."),
        "country": Key(_one_or_more(Name("country")), "Whose help lines are printed."),
        "minutes": Key(_one_or_more(_LENGTH), "The lengths of the talk."),
        "fillable": Key(_SET_FLAG, "Also worksheets to fill in on a screen."),
        "booklet": Key(_SET_FLAG, "Also a booklet to print, fold and staple."),
        "builds": Key(_SET_FLAG, "Drawings, steps and comparisons of a deck appear click by click."),
    }
)
BUILD_SETS = Keys(others=BUILD_SET, named="a set")

# ---------------------------------------------------------------- <topic>/topic.yaml

_OTHER_FORMAT = Keys(
    {
        "format": required(
            Choice("format that a handout can be had in", OTHER_FORMATS), f"One of {', '.join(OTHER_FORMATS)}."
        ),
        "address": Key(_WEB_ADDRESS, "Where it is on the web; a format without an address is asked for."),
        "for": Key(_AUDIENCES, "The audiences that it is there for; all, if it is left out."),
        "languages": Key(ListOf(Name("language")), "The languages that it is there in; all, if it is left out."),
    },
    alone="format",
)
TOPIC = Keys(
    {
        "name": required(_FILLED, "What the explanation is called in full."),
        "version": required(_FILLED, "The version that is printed."),
        "published": required(Day("the date that is printed"), "The date that is printed."),
        "authors": required(ListOf(AnyText()), "Who has written it."),
        "reviewed_by": required(ListOf(AnyText()), "Who has reviewed it; empty prints that nobody has yet."),
        "next_review": required(Day(), "When it has to be looked at again."),
        "licence": required(_FILLED, "What others may do with it, such as: CC BY 4.0."),
        "audiences": Key(_AUDIENCES, "Whom it is for; all, if it is left out."),
        "reviewed_on": Key(Day(), "When it was reviewed."),
        "review_roles": Key(
            ListOf(Name("role")),
            f"Who has to sign before a release: {', '.join(REVIEWER_ROLES)}, or a role of your own.",
        ),
        "keywords": Key(ListOf(AnyText()), "What it is about, for those who search files."),
        "condition": Key(_CONDITION, "What this text calls the condition; service.yaml may say it in other words."),
        "lengths": Key(ListOf(_LENGTH), "The minutes of the talks that --minutes makes."),
        "must_have": Key(ListOf(AnyText()), "The sections, by id, that no reader goes without."),
        "must_show": Key(ListOf(Choice("block", REQUIRABLE_BLOCKS)), "What each handout shows."),
        "must_cite": Key(ListOf(AnyText()), "The sections, by id, that name a source to each reader."),
        "points": Key(Keys(others=_FILLED, named="a point"), "What the explanation says, point by point, by id."),
        "points_in": Key(ListOf(Name("template")), "The templates that must make each point to each reader."),
        "crisis": Key(
            ByAudience(ListOf(Name("need"))),
            "The needs that the crisis box answers, for all audiences or by audience; danger is always one of them.",
        ),
        "line": Key(
            ByAudience(_LINE),
            "Whether the line of cover and slides is plain, or ends at a ring that it rests before or touches.",
        ),
        "accents": Key(ByAudience(Name("accent")), "The accents of audiences in this topic, if not their usual ones."),
        "other_formats": Key(
            ListOf(_OTHER_FORMAT, most=_MAX_OTHER_FORMATS),
            "What its handout can be had in too, such as large-print, or {format: audio, address: https://…}.",
        ),
        "templates": Key(
            ListOf(_DEFAULT_TEMPLATE), "What a build makes of it: a handout, slides; both, if it is left out."
        ),
    }
)

# ---------------------------------------------------------------- <topic>/reviews.yaml

_MAX_SIGN_OFFS = 500
_HASH_HINT = "Only handouts review sign writes it."
_SECTION_HASH = AnyText(filled=True, pattern=f"[0-9a-f]{{{SECTION_HASH_LENGTH}}}", hint=_HASH_HINT)
SIGN_OFF = Keys(
    {
        "role": required(Name("role", filled=True), "As what somebody has read it, such as: clinician."),
        "date": required(Day("the day on which they agreed"), "The day on which they agreed."),
        "audience": required(Name("audience", filled=True), "Whose handout and talk they have read."),
        "language": required(Name("language", filled=True), "In which language."),
        "words": required(
            AnyText(filled=True, pattern=f"[0-9a-f]{{{WORDS_HASH_LENGTH}}}", hint=_HASH_HINT),
            "The hash of the words that they have read.",
        ),
        "sections": required(Keys(others=_SECTION_HASH), "The hash of each section of these words, by id."),
        "name": Key(AnyText(most=120), "Who it was, if they agree that it stands here."),
        "people": Key(
            Number(1, 1000, whole=True), "How many they were, if their names do not stand here; 1 if left out."
        ),
    }
)
REVIEWS = ListOf(SIGN_OFF, most=_MAX_SIGN_OFFS)
