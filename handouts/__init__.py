"""handouts: one explanation, written once, becomes a printed handout and a slide deck for each audience.

The house, and its one-way flow from values to values:

    content/ -load-> Library -select-> Selection -compose-> Document -+- pdf:  plan -> pages  -> draw -> bytes
    templates/ -load-^                                                +- check -> findings
                                                                      +- deck: plan -> slides -> draw -> bytes
                                                                      +- onpaper: plan -> pages -> drawn by pdf
    left of Document may read files; nothing right of it may; build writes the bytes

    finding    what went wrong, where, and what to do about it: Span, Severity, Finding, HandoutError
    units      a length is a float in points; inches, millimetres and EMU exist only at the edges
    kept       what was worked out before, by what it was worked out from: values as data, so it is not done again
    document   every node of the Document, and walking, reading and dumping it
    theme      colours, type styles and paper by role; contrast arithmetic
    text       the text engine: fonts, coverage, shaping, line breaking, font subsets
    figures    drawings as data: cycle, wheel, wave, iceberg, fork, array, timeline, bars, signs, settling line, bubbles
    service    who hands the material out: the service, or each recipient of a copy
    library    what content says: Topic, Section, Part, Audience, Source, Contact, Term
    markdown   Markdown with fenced divs -> a tree with places -> blocks of the Document
    load       files -> Library; the only reader of content/ and templates/, and of tables of recipients
    select     Library x audience x language -> Selection
    compose    Selection x template -> Document
    check      Document -> findings: rules of reading, wording, sources, access and safety, and what content allows
    compare    Selections -> what one reader is told and another is not, and how much each is told
    pdf        Document -> tagged PDF: plan, then draw; finished copies -> one PDF to print
    deck       Document -> deck: plan, then draw: slides of ours in a frame of python-pptx's
    onpaper    the planned deck -> tagged PDF: slides, slides with lines to write on, slides with notes
    verify     finished bytes x Document -> findings: nothing lost, nothing leaked, nothing off the page
    manifest   what earlier builds left in the output folder: hashes of inputs, program and files
    build      options -> deliverables -> what is new of them -> files; the only writer
    explain    what each code of a finding means and how to mend it, as data
    cli        verbs, options, findings on the terminal, exit codes; the only one who asks what day it is

Who may import whom, each room only those before it:
    finding, units, kept < document, theme < text < figures < markdown < library < load, select < compose; service
    stands between document and library
    check sees what compose sees, compare check too; pdf and deck see finding, units, document, theme, text, figures;
    onpaper sees what deck plans and pdf draws; verify sees finding and document; manifest sees finding; explain sees
    nothing; build and cli may see all.

Values are Structs of msgspec, which any room may import: their classes cost nothing to make, and `replace` copies
them. Tests and benchmarks may use dataclasses.

Our words: a *deliverable* is one file to be made, for one *audience*, by one *template*. A *part* is a text of a
*section*; a template *places* it. A *finding* is trouble as data. A *role* names a colour or a type style.
"""

TYPE_CHECKING = False  # as in `typing`; nothing is imported here, since `__main__` first sees to where from
if TYPE_CHECKING:
    from handouts.build.building import build_all
    from handouts.compose import compose_document
    from handouts.deck import render_deck
    from handouts.load import load_library
    from handouts.pdf import render_pdf
    from handouts.select import select_content
    from handouts.slides_pdf import render_lines_pdf, render_notes_pdf, render_slides_pdf

__all__ = [
    "build_all",
    "compose_document",
    "load_library",
    "render_deck",
    "render_lines_pdf",
    "render_notes_pdf",
    "render_pdf",
    "render_slides_pdf",
    "select_content",
]

HOMES = {
    "load_library": "load",
    "select_content": "select",
    "compose_document": "compose",
    "render_pdf": "pdf",
    "render_deck": "deck",
    "render_slides_pdf": "slides_pdf",
    "render_lines_pdf": "slides_pdf",
    "render_notes_pdf": "slides_pdf",
    "build_all": "build",
}


def __getattr__(name: str) -> object:
    """Return a public name from the room where it lives, loaded when it is first asked for."""
    from importlib import import_module

    if name not in HOMES:
        raise AttributeError(f"module 'handouts' has no attribute '{name}'")
    return getattr(import_module(f"handouts.{HOMES[name]}"), name)
