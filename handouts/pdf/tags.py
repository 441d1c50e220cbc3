"""The structure tree in PDF syntax, and the record of painted content that it is written from.

Takes elements, their marked content and annotations; writes StructTreeRoot and ParentTree (ISO 32000-1, 14.7).
Where an element has words of its own and child elements, the order of painting decides which comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from handouts.layout.page_model import Element, PagePlan
from handouts.layout.structure_tree import ElementPlaces
from handouts.pdf.objects import PdfFile, pdf_numbers, text_string


class MarkedContent(Struct, frozen=True):
    """Marked content: its page from 0, its number on that page, and how many items were painted before it."""

    page: int
    number: int
    order: int


class PaintedContent(Struct):
    """What was painted for whom: for each element its marks, for each page the elements in the order of its numbers."""

    of: dict[Element, list[MarkedContent]] = field(default_factory=dict)
    pages: list[list[Element]] = field(default_factory=list)
    painted: int = 0

    def add(self, element: Element, items: int) -> MarkedContent:
        """Note that the last page holds `items` more items for `element`, and return the mark that they share."""
        owners = self.pages[-1]
        mark = MarkedContent(len(self.pages) - 1, len(owners), self.painted)
        self.painted += items
        owners.append(element)
        self.of.setdefault(element, []).append(mark)
        return mark


class Annotation(Struct, frozen=True):
    """A link or a field that was written: its reference, its page from 0, and the element that it belongs to."""

    reference: str
    page: int
    element: Element


class PaintedPlan(Struct, frozen=True):
    """A plan, where its elements stand, and what was written of it; `pages` are references to the pages."""

    plan: PagePlan
    places: ElementPlaces
    marks: PaintedContent
    annotations: Sequence[Annotation]
    pages: Sequence[str]


STANDARD_ROLES = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "NonStruct"}
    | {"P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"}
    | {"Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"}
    | {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Figure", "Formula", "Form"}
)
# Roles of PDF 2.0 that say more than those of PDF 1.7, and what stands for them in it.
ROLE_MAP = {"Em": "Span", "Strong": "Span", "Sub": "Span", "Title": "P", "Aside": "Div", "FENote": "Note"}


class TagContext(Struct, frozen=True):
    """What the writing of one element needs to know of the whole: the painted plan, references, identifiers."""

    painted: PaintedPlan
    references: Mapping[Element, str]
    ids: Mapping[Element, str]
    annotations: Mapping[Element, Sequence[Annotation]]


def write_tags(painted: PaintedPlan, file: PdfFile) -> str:
    """Write the structure tree and return the reference to its root."""
    elements = painted.places.parents
    notes = [element for element in elements if element.role in ("Note", "FENote")]
    annotations: dict[Element, list[Annotation]] = {}
    for annotation in painted.annotations:
        annotations.setdefault(annotation.element, []).append(annotation)
    tree = TagContext(
        painted,
        references={element: file.reserve() for element in elements},
        ids={element: f"note-{count:04d}" for count, element in enumerate(notes, 1)},
        annotations=annotations,
    )
    root = file.reserve()
    for element, parent in elements.items():
        file.fill(
            tree.references[element], element_dictionary(element, tree.references[parent] if parent else root, tree)
        )
    file.fill(root, tree_root_dictionary(tree, file))
    return root


def tree_root_dictionary(tree: TagContext, file: PdfFile) -> str:
    """Return the root of the tree; its parent tree has a key for each page, then one for each annotation."""
    painted = tree.painted
    entries = [
        f"{page}[{' '.join(tree.references[owner] for owner in owners)}]"
        for page, owners in enumerate(painted.marks.pages)
    ]
    first = len(painted.pages)
    entries += [f"{key} {tree.references[each.element]}" for key, each in enumerate(painted.annotations, first)]
    parent_tree = file.add(f"<</Nums[{' '.join(entries)}]>>")
    return (
        f"<</Type/StructTreeRoot/K {tree.references[painted.plan.root]}/ParentTree {parent_tree}"
        f"/ParentTreeNextKey {first + len(painted.annotations)}{role_map_entry(tree.references)}{id_tree_entry(tree)}>>"
    )


def role_map_entry(elements: Iterable[Element]) -> str:
    """Return the entry that maps the roles beyond the standard ones. ValueError for a role that nobody knows."""
    further = sorted({element.role for element in elements} - STANDARD_ROLES)
    for role in further:
        if role not in ROLE_MAP:
            raise ValueError(f"there is no role '{role}'")
    entries = "".join(f"/{role}/{ROLE_MAP[role]}" for role in further)
    return f"/RoleMap<<{entries}>>" if entries else ""


def id_tree_entry(tree: TagContext) -> str:
    """Return the entry that finds notes by their identifiers (ISO 14289-1, 7.9)."""
    entries = " ".join(f"{text_string(each)} {tree.references[element]}" for element, each in tree.ids.items())
    return f"/IDTree<</Names[{entries}]>>" if entries else ""


def element_dictionary(element: Element, parent: str, tree: TagContext) -> str:
    """Return `element` as a structure element."""
    marks = tree.painted.marks.of.get(element, ())
    page = f"/Pg {tree.painted.pages[marks[0].page]}" if marks else ""
    kids = " ".join(kid_entries(element, marks, tree))
    said = f"{text_entries(element, tree)}{attribute_entries(element, figure_box(element, tree))}"
    return f"<</Type/StructElem/S/{element.role}/P {parent}{said}{page}{f'/K[{kids}]' if kids else ''}>>"


def text_entries(element: Element, tree: TagContext) -> str:
    """Return the entries of `element` that are texts: most elements have none."""
    name = tree.ids.get(element, "")
    if not (element.language or element.alt or element.actual or name):
        return ""
    texts = (("Lang", element.language), ("Alt", element.alt), ("ActualText", element.actual), ("ID", name))
    return "".join(f"/{key}{text_string(text)}" for key, text in texts if text)


def kid_entries(element: Element, marks: Sequence[MarkedContent], tree: TagContext) -> Iterator[str]:
    """Yield what `element` holds, in reading order: its own content, its children, its annotations."""
    home, waiting = marks[0].page if marks else None, list(marks)
    for child in element.children:
        place = tree.painted.places.first.get(child) if waiting else None
        while place and waiting and waiting[0].order < place.order:
            yield marked_content_entry(waiting.pop(0), home, tree)
        yield tree.references[child]
    for mark in waiting:
        yield marked_content_entry(mark, home, tree)
    for annotation in tree.annotations.get(element, ()):
        yield f"<</Type/OBJR/Obj {annotation.reference}/Pg {tree.painted.pages[annotation.page]}>>"


def marked_content_entry(mark: MarkedContent, home: int | None, tree: TagContext) -> str:
    """Return the number of `mark`, with its page if that is not the `home` page of its element."""
    if mark.page == home:
        return str(mark.number)
    return f"<</Type/MCR/Pg {tree.painted.pages[mark.page]}/MCID {mark.number}>>"


def figure_box(element: Element, tree: TagContext) -> str:
    """Return the bounding box of a figure that is on a page, else "" (ISO 32000-1, 14.8.5.4.3)."""
    extent = tree.painted.places.figures.get(element)
    if extent is None:
        return ""
    height = tree.painted.plan.pages[tree.painted.places.first[element].page].height
    return f"[{pdf_numbers(extent.left, height - extent.bottom, extent.right, height - extent.top)}]"


def attribute_entries(element: Element, box: str) -> str:
    """Return the attributes of `element`, one dictionary for each owner; a text is a name (ISO 32000-1, 14.7.5)."""
    if not (element.attributes or element.summary or box):
        return ""
    owners: dict[str, str] = {"Layout": f"/BBox{box}"} if box else {}
    if element.summary:
        owners["Table"] = f"/Summary{text_string(element.summary)}"
    for owner, key, value in element.attributes:
        operand = f"/{value}" if isinstance(value, str) else f" {value}"
        owners[owner] = f"{owners.get(owner, '')}/{key}{operand}"
    entries = [f"<</O/{owner}{entry}>>" for owner, entry in owners.items()]
    if not entries:
        return ""
    return f"/A {entries[0]}" if len(entries) == 1 else f"/A[{''.join(entries)}]"
