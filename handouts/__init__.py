"""handouts: one explanation, written once, becomes a handout, a web page, a Word file and slides for each audience.

The rooms of the house, and the one-way flow from values to values:

    content/ -load-> Library -select-> Selection -compose-> Document -+- check  -> findings
    templates/ -load-^                                                +- layout -> pages  -> pdf  -> bytes
                                                                      +- web: elements -> page -> bytes
                                                                      +- word: paragraphs, tables -> package -> bytes
                                                                      +- deck: plan -> slides -> draw -> bytes
    left of Document may read files; nothing right of it may; pipeline verifies and writes the bytes

    finding       what went wrong, where, and what to do about it: Location, Severity, Finding, HandoutError
    version       the version of the program
    formats       the kinds of finished files: one table with their names, endings and what they show
    units         lengths are floats in points; inches, millimetres and EMU exist only at the edges
    render_cache  values that rendering works out again and again, owned by a worker and handed in
    document      every node of the Document, the words that a node says, the dump, and the number of its words
    theme         colours, type styles and paper by role; contrast arithmetic
    text          the text engine: fonts, coverage, shaping, line breaking, font subsets
    figures       drawings as data: cycle, wheel, wave, iceberg, fork, icon array, timeline, bar chart, signs,
                  QR codes, and the lines of covers and slides
    service       the service that hands the material out, or the recipient of a copy
    library       what content says: Topic, Section, Part, Audience, Source, Contact, Term
    markdown      Markdown with fenced divs -> a syntax tree with locations -> blocks of the Document
    load          files -> Library; the only reader of content/ and templates/, of tables of
                  recipients, and of Word files of reviewers
    select        Library x audience x language -> Selection
    compose       Selection x template -> Document
    check         Document -> findings: rules of reading, wording, sources, access and safety
    compare       Selections -> what one audience reads and another does not, how much each reads, and all that they
                  read as passages that a reviewer can write in
    layout        Document -> measured boxes -> pages with everything at its place, and their structure tree
    pdf           pages -> tagged PDF on reportlab's canvas; booklets; many files in one
    web           Document -> one HTML file with its own style, drawings and letters, which needs nothing else
    word          Document -> one DOCX file to edit, with real styles, lists and tables; and the copy that reviewers
                  comment in and change
    deck          Document -> planned slides -> PPTX with python-pptx
    slides_pdf    planned slides -> tagged PDF: slides, slides with lines to write on, slides above their notes
    verify        finished bytes x Document -> findings: nothing lost, nothing leaked, nothing off the page
    pipeline      options -> deliverables -> what is new of them -> files; the only writer
    explain       what each code of a finding means and how to mend it, and how each block is written, as data
    editor        the server of `handouts open`, and the page in which a project is read, written and made
    cli           verbs, options, findings on the terminal, exit codes; the only reader of the clock

Each room imports only rooms before it:
    finding, version, units, formats, render_cache < document, theme < text < figures < markdown < library < load,
    select < compose;
    service stands between document and library; check and compare see what compose sees, and compare both of them;
    layout, web, word and deck see finding, units, version, render_cache, document, theme, text, figures; pdf and word
    see layout; slides_pdf sees deck, layout and pdf; verify sees finding, formats, render_cache and document; explain
    sees nothing; pipeline, editor and cli may see all that stands before them.

Values are Structs of msgspec, which any room may import: their classes cost nothing to make, and `replace` copies
them. Tests and benchmarks may use dataclasses.

A *deliverable* is one file to be made, for one *audience*, by one *template*. A *part* is a text of a *section*; a
template *places* it. A *finding* is a problem as data. A *role* names a colour or a type style.
"""

TYPE_CHECKING = False  # as in `typing`: nothing is imported before `__main__` has set the search path
if TYPE_CHECKING:
    from handouts.compose import compose_document
    from handouts.deck import render_deck
    from handouts.load import load_library
    from handouts.pdf import render_pdf
    from handouts.pipeline.build import build_all
    from handouts.select import select_content
    from handouts.slides_pdf import render_lines_pdf, render_notes_pdf, render_slides_pdf
    from handouts.web import render_html
    from handouts.word import render_docx

__all__ = [
    "build_all",
    "compose_document",
    "load_library",
    "render_deck",
    "render_docx",
    "render_html",
    "render_lines_pdf",
    "render_notes_pdf",
    "render_pdf",
    "render_slides_pdf",
    "select_content",
]

_MODULES = {
    "load_library": "load",
    "select_content": "select",
    "compose_document": "compose",
    "render_pdf": "pdf",
    "render_html": "web",
    "render_docx": "word",
    "render_deck": "deck",
    "render_slides_pdf": "slides_pdf",
    "render_lines_pdf": "slides_pdf",
    "render_notes_pdf": "slides_pdf",
    "build_all": "pipeline.build",
}


def __getattr__(name: str) -> object:
    """Return a public name, its module imported when the name is first used."""
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module 'handouts' has no attribute '{name}'")
    return getattr(import_module(f"handouts.{_MODULES[name]}"), name)
