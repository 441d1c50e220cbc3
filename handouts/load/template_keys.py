"""The keys of themes, fixed words and template front matter, as data: what each is for, and what its value may be.

To add a key, add it here, and read it where its file is read; error messages, schemas and completion in editors follow.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from handouts.library import OTHER_FORMATS
from handouts.load.value_shapes import AnyText, Choice, Flag, Key, Keys, ListOf, Name, Number, Shape, required

# ---------------------------------------------------------------- the front matter of a template

TEMPLATE = Keys(
    {
        "renderer": required(
            Choice("renderer", ("pdf", "pptx"), "pdf", "unknown-renderer"), "Pages (pdf), or slides (pptx)."
        ),
        "name": required(AnyText(filled=True), "What --template takes; it stands in the names of files."),
        "audiences": Key(ListOf(Name("audience")), "Whom it is for; all, if it is left out."),
        "sources-of": Key(AnyText(), "The template whose sources it lists."),
    }
)

# ---------------------------------------------------------------- themes/<name>.yaml

STANDARD_NAME = "standard"
COLOUR_PATTERN = "#[0-9A-Fa-f]{6}"
_COLOUR = AnyText(pattern=COLOUR_PATTERN, hint='Write it as "#0F4C5C", in quotation marks.')
_COLOUR_NAME = Name("colour")
# The colours that drawings and pages use; every theme defines them.
_COLOUR_ROLES = (
    "white", "ink", "stone", "screen-ink", "screen-rule", "oat", "sand", "honey", "red", "red-tint", "amber",
    "amber-tint", "green", "green-tint",
)  # fmt: skip
ACCENT = Keys(
    {
        "accent": required(_COLOUR, "The colour of headings and signs; the others follow from it."),
        "deep": Key(_COLOUR, "The dark ground on which words are white."),
        "tint": Key(_COLOUR, "The light ground of boxes."),
        "tint2": Key(_COLOUR, "A ground that is a little darker."),
    },
    alone="accent",
)
_PRINT_STYLES = (
    "h1", "h2-page", "h2", "lead", "h3", "label", "body", "script", "crisis", "caption", "table", "foot",
    "source", "figure", "card", "card-number",
)  # fmt: skip
_SLIDE_STYLES = (
    "title-deep", "section", "title", "question", "script", "voice", "body", "text", "table", "number",
    "big-number", "label", "note", "figure", "foot", "slide-number", "source",
)  # fmt: skip
_REQUIRED_PAPERS = ("a4", "letter", "a5")

# The numbers of a type style: lengths in points, letter and word spacing in em.
STYLE_NUMBERS: Mapping[str, Key] = {
    "size": required(Number(6, 300), "How large letters are, in points."),
    "leading": required(Number(6, 400), "From line to line, in points."),
    "before": Key(Number(0, 300), "The space above, in points."),
    "after": Key(Number(0, 300), "The space below, in points."),
    "track": Key(Number(-0.2, 1), "More or less space between letters, in em."),
    "words": Key(Number(-0.2, 2), "More or less space between words, in em."),
}
STYLE_FLAGS: Mapping[str, Key] = {
    "bold": Key(Flag(), "Whether letters are bold."),
    "balance": Key(Flag(), "Whether lines are made of like length."),
}
_STYLE_COLOUR = {"colour": Key(_COLOUR_NAME, "The role of its colour.")}
_STYLE = Keys({**STYLE_NUMBERS, **STYLE_FLAGS, **_STYLE_COLOUR})
STYLE_OVERRIDE = Keys({name: Key(key.shape, key.what) for name, key in _STYLE.known.items()})
_STYLE_OVERRIDES = Keys(others=STYLE_OVERRIDE)

LABELS_ABOVE = "above"
_LABELS = Key(
    Choice("place for labels", ("beside", LABELS_ABOVE), "beside", "wrong-type"),
    "Whether labels stand beside or above what they label.",
)
SHEET_NUMBERS: Mapping[str, Key] = {
    "margin": required(Number(0, 300), "The space at each edge, in points."),
    "rail": required(Number(0, 400), "How wide the rail is in which signs and labels hang, in points."),
    "gutter": required(Number(0, 200), "The space between the rail and the text, in points."),
    "sign": required(Number(0, 200), "How wide signs are, in points."),
}
PAPER_NUMBERS: Mapping[str, Key] = {
    "width": required(Number(200, 2400), "How wide the sheet is, in points."),
    "height": required(Number(200, 2400), "How high the sheet is, in points."),
    **SHEET_NUMBERS,
}
_PAPER = Keys({**PAPER_NUMBERS, "labels": _LABELS, "print": Key(_STYLE_OVERRIDES, "What differs in type styles.")})
_SHEET = Keys({**{name: Key(key.shape, key.what) for name, key in SHEET_NUMBERS.items()}, "labels": _LABELS})
_EDITION = Keys(
    {
        "papers": Key(ListOf(Name("paper")), "The papers that it is printed on; all, if it is left out."),
        "print": Key(_STYLE_OVERRIDES, "What differs in type styles."),
        "sheet": Key(_SHEET, "What differs on each sheet."),
        "black": Key(ListOf(_COLOUR_NAME), "The roles of colours that are printed black."),
        "white": Key(ListOf(_COLOUR_NAME), "The roles of colours that are printed white."),
        "hatched": Key(ListOf(_COLOUR_NAME), "The roles of colours that are drawn as lines."),
        "cover-edge": Key(Number(0, 20), "How thick the edge of the cover is, in points."),
        "crisis-edge": Key(Number(0, 20), "How thick the edge of the crisis box is, in points."),
        "discreet": Key(Flag(), "Whether its outside does not say what it is about, or for whom."),
        "one-bit": Key(Flag(), "Whether pictures are black and white."),
    }
)


SETTLING_LINE, WITH_LETTERS = "settling", "embedded"
_COVER = Keys(
    {
        # text in the accent is readable on each of these
        "ground": Key(Choice("ground of a cover", ("tint", "oat", "white"), "tint"), "The role of its colour."),
        "corner": Key(Number(0, 40), "How round its corners are, in points."),
        "bar": Key(Number(0, 12), "How wide the bar at its left edge is, in points; 0 for none."),
    }
)
_TYPEFACE = Keys(
    {
        "regular": required(AnyText(filled=True), "The file of the regular letters, such as Brand-Regular.ttf."),
        "bold": Key(AnyText(filled=True), "The file of the bold letters; not needed beside a variable font."),
        "installed": Key(Flag(), "Whether the typeface is on every computer on which slides are shown."),
    }
)


def _styles(names: tuple[str, ...]) -> Keys:
    """Return the shape of type styles by role; the styles `names` are required."""
    return Keys({name: required(_STYLE, f"How '{name}' is set.") for name in names}, others=_STYLE)


THEME = Keys(
    {
        "colours": required(
            Keys({name: required(_COLOUR, f"The colour of '{name}'.") for name in _COLOUR_ROLES}, others=_COLOUR),
            'The colours by role, each as "#0F4C5C".',
        ),
        "accents": required(Keys(others=ACCENT), "The accents, one of which each audience has."),
        "densities": required(
            Keys({STANDARD_NAME: required(_STYLE_OVERRIDES, "Print as it is.")}, others=_STYLE_OVERRIDES),
            "What differs from print where an audience asks for another density.",
        ),
        "print": required(_styles(_PRINT_STYLES), "The type styles of pages."),
        "slides": required(_styles(_SLIDE_STYLES), "The type styles of slides."),
        "papers": required(
            Keys({name: required(_PAPER, f"The sheet '{name}'.") for name in _REQUIRED_PAPERS}, others=_PAPER),
            "The sheets that can be printed on.",
        ),
        "editions": required(Keys(others=_EDITION), "What differs from the standard for readers with a need."),
        "line": Key(
            Choice("line", (SETTLING_LINE, "straight", "none"), SETTLING_LINE),
            "How the line on covers and slides is drawn.",
        ),
        "cover": Key(_COVER, "The band at the head of the first page."),
        "web-typeface": Key(
            Choice("web typeface", (WITH_LETTERS, "system"), WITH_LETTERS),
            "Whether pages for the web bring their letters, or are shown in those of the reader's system.",
        ),
        "typeface": Key(_TYPEFACE, "A typeface of your own, by its files in the folder fonts beside the themes."),
    }
)


def _optional(shape: Shape) -> Shape:
    """Return a shape in which every key, also nested ones, is optional."""
    if not isinstance(shape, Keys) or shape.alone:  # an accent is never merged
        return shape
    known = {name: Key(_optional(key.shape), key.what) for name, key in shape.known.items()}
    return replace(shape, known=known, others=shape.others and _optional(shape.others))


_EXTENDS = {"extends": required(Name("theme", filled=True), "The theme that holds for all that is not said here.")}
EXTENDING_THEME = Keys({**_EXTENDS, **{name: Key(_optional(key.shape), key.what) for name, key in THEME.known.items()}})

# ---------------------------------------------------------------- words/<language>.yaml

# The fixed words that the program needs in each language, with their placeholders.
_WORDS_WITHOUT_PLACES = """
    not_reviewed lines_not_confirmed crisis_danger crisis_suicide crisis_abuse local need_danger need_suicide
    need_abuse need_stalking need_other need_police need_conduct need_local logo not_confirmed
    confirmed_long_ago contacts contact_need contact_who contact_number to_write_on open_quote close_quote
    red_shape amber_shape green_shape open_inner_quote close_inner_quote apostrophe units before_numbers
    between_numbers et_al field_local back_link notes fork_then fork_see fork_first plan plan_first
    plan_left_out notes_handout_place notes_sources vague_links share_words
    call_words neutral_words page_words page_of_other
    review_changed review_incomplete review_counts reviewer_clinician reviewer_person_plain reviewer_carer
    reviewer_safeguarding reviewer_reader-test
    web_skip web_crisis web_contents web_top web_fields web_leave web_leave_target web_leave_about web_leave_note
    site_title site_language site_pdf site_html site_docx site_notes_docx site_pptx site_pptx_builds
    site_slides_pdf site_notes_pdf site_lines_pdf
    other_formats formats_ask_any
    review_about review_topic review_for review_language review_version review_made review_state review_return
    review_done review_how review_how_change review_how_comment review_how_places review_sections review_terms
    review_sources review_all review_each review_role_words review_role_alt review_role_tooltip
    review_role_address
"""
_LAYOUT_NAMES = """
    title section text text-line steps number people-text message-only break question-turned claim-text
    two-columns callout message two-voices two-voices-note two-scripts two-scripts-note big-number script
    figure figure-text figure-low chart chart-text chart-low table table-text table-high table-note
    table-label table-label-note table-text-note question pause code sources
"""
_PLACEHOLDER_NAMES = """
    title label body lead left right left-name right-name quote note kicker number text table chart picture
"""
_REVIEW_PARTS = """
    title subtitle short-title outside-title outside-subtitle talk spoken ask watch disclose main claim gist
    explanation body heading feels looks helps why do
"""
REQUIRED_WORDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_WORDS_WITHOUT_PLACES.split(), ()),
    **{f"month_{number}": () for number in range(1, 13)},
    **{f"layout_{name}": () for name in _LAYOUT_NAMES.split()},
    **{f"slot_{name}": () for name in _PLACEHOLDER_NAMES.split()},
    "date": ("month", "year"),
    "page": ("n", "m"),
    "foot": ("label", "state"),
    "state": ("state", "date"),
    "draft": ("version",),
    "draft_because": ("draft", "reasons"),
    "reviewed": ("version", "date"),
    "reviewed_by": ("version", "people", "date"),
    "reviewed_people": ("people",),
    "review_list": ("people", "last"),
    "reviewer_person": ("condition",),
    "review_title": ("title",),
    "review_day": ("day", "month", "year"),
    "review_only": ("readers",),
    "review_how_return": ("sender",),
    **{f"review_part_{name}": () for name in _REVIEW_PARTS.split()},
    **{f"reviewers_{role}": ("n",) for role in ("clinician", "person_plain", "carer", "safeguarding", "reader-test")},
    "reviewers_person": ("n", "condition"),
    "reviewers_other": ("role", "n"),
    "slide_continued": ("title",),
    "crisis_short": ("label",),
    "local_how": ("hours", "address"),
    "web_licence": ("licence",),
    "site_size": ("n",),
    "site_form": ("form", "kind"),
    "formats_have": ("formats",),
    "formats_at": ("format", "address"),
    "formats_ask": ("number",),
    "formats_web": ("address",),
    **{f"format_{name}": () for name in OTHER_FORMATS},
    "site_fillable": ("form",),
    "words_in_picture": ("words",),
    "sender": ("name",),
    "logo_of": ("name",),
    "all_lines": ("note",),
    "contact_who_noted": ("note",),
    "explained": ("word", "meaning"),
    "source_link": ("n",),
    "edition": ("edition",),
    "field_choice": ("field", "choice"),
    "field_scale": ("field", "number"),
    "field_cell": ("table", "row", "column"),
    "opens": ("target",),
    "call": ("number",),
    "write_to": ("target",),
    "qr_alt": ("target",),
    "slide": ("n",),
    "section": ("n",),
    "slide_continued_often": ("title", "n", "m"),
    "layout_smaller": ("name", "size"),
    "talk_length": ("n",),
    "minutes_one": ("n",),
    "minutes_many": ("n",),
    "seconds_one": ("n",),
    "seconds_many": ("n",),
    "minutes_seconds": ("minutes", "seconds"),
    "notes_time": ("minutes", "start", "end"),
    "plan_line": ("start", "end", "part", "minutes"),
    "plan_total": ("minutes",),
    "handout_section": ("n",),
    "handout_place": ("section", "heading"),
    "handout_card": ("place", "n"),
    "two_authors": ("one", "two"),
}


def _fixed_words(places: tuple[str, ...]) -> Key:
    """Return the key for fixed words with these placeholders."""
    named = ", ".join(f"{{{place}}}" for place in places)
    what = f"Fixed words of pages and slides, with {named}." if named else "Fixed words of pages and slides."
    return Key(AnyText(places=places, hint=f"These are filled in, and no others: {named}." if named else ""), what)


WORDS = Keys({key: _fixed_words(places) for key, places in REQUIRED_WORDS.items()}, others=AnyText())
