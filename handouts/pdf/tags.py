"""The structure tree in PDF syntax, and the marked-content sequences in which items are painted.

Takes a plan and the annotations written for it; writes StructTreeRoot and ParentTree (ISO 32000-1, 14.7).
If an element has both content and child elements, they are in the order of painting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct, field

from handouts.layout.page_model import ARTIFACT, Element, FieldItem, GroupItem, LinkItem, PageItem, PagePlan
from handouts.layout.structure_tree import ElementPlaces
from handouts.pdf.objects import PdfFile, pdf_corners, text_string


class _MarkedContent(Struct, frozen=True):
    """A marked-content sequence: its page from 0, its number there (MCID), and how many items are painted before it."""

    page: int
    number: int
    order: int


class _PaintedContent(Struct):
    """The marked content of each element, and for each page the element of each MCID."""

    by_element: dict[Element, list[_MarkedContent]] = field(default_factory=dict)
    pages: list[list[Element]] = field(default_factory=list)


class Annotation(Struct, frozen=True):
    """A written link or field: its reference, its page from 0, and its element."""

    reference: str
    page: int
    element: Element


def content_groups(items: Iterable[PageItem]) -> Iterator[tuple[Element | None, tuple[PageItem, ...]]]:
    """Yield the items of each marked-content sequence with their element; a GroupItem comes alone, with None."""
    for (_, element), same in groupby(items, key=_group_and_element):
        yield element, tuple(same)


def _group_and_element(item: PageItem) -> tuple[GroupItem | None, Element | None]:
    """Return a key that is equal for items of one marked-content sequence."""
    return (item, None) if isinstance(item, GroupItem) else (None, item.element)


def _tagged_groups(items: Iterable[PageItem]) -> Iterator[tuple[Element, tuple[PageItem, ...]]]:
    """Yield the marked-content sequences of elements of the tree, also those inside GroupItems."""
    for element, group in content_groups(items):
        if isinstance(group[0], GroupItem):
            yield from _tagged_groups(group[0].items)
        elif element and element.role != ARTIFACT:
            yield element, group


def _painted_content(plan: PagePlan) -> _PaintedContent:
    """Return the marked content of `plan`, numbered as it is painted."""
    found, painted = _PaintedContent(), 0
    for number, page in enumerate(plan.pages):
        owners: list[Element] = []
        found.pages.append(owners)
        for element, group in _tagged_groups(page.items):
            if not isinstance(group[0], FieldItem | LinkItem):
                mark = _MarkedContent(number, len(owners), painted)
                found.by_element.setdefault(element, []).append(mark)
                owners.append(element)
            painted += len(group)
    return found


_STANDARD_ROLES = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "NonStruct"}
    | {"P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"}
    | {"Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"}
    | {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Figure", "Formula", "Form"}
)
# Roles of PDF 2.0, which say more, and the role of PDF 1.7 that each is mapped to.
_ROLE_MAP = {"Em": "Span", "Strong": "Span", "Sub": "Span", "Title": "P", "Aside": "Div", "FENote": "Note"}


class _TagContext(Struct, frozen=True):
    """Everything that elements are written from: the plan, the places, marked content and annotations of elements.

    `pages` and `references` are the references to pages and to elements; `ids` are the identifiers of notes.
    """

    plan: PagePlan
    places: ElementPlaces
    content: _PaintedContent
    annotations: Mapping[Element, Sequence[Annotation]]
    pages: Sequence[str]
    references: Mapping[Element, str]
    ids: Mapping[Element, str]


def add_tags(
    plan: PagePlan, places: ElementPlaces, annotations: Sequence[Annotation], pages: Sequence[str], file: PdfFile
) -> None:
    """Write the structure tree of `plan`; in the parent tree, the keys of annotations follow those of `pages`."""
    elements = places.parents
    notes = [element for element in elements if element.role in ("Note", "FENote")]
    by_element: dict[Element, list[Annotation]] = {}
    for annotation in annotations:
        by_element.setdefault(annotation.element, []).append(annotation)
    references = {element: file.reserve() for element in elements}
    ids = {element: f"note-{count:04d}" for count, element in enumerate(notes, 1)}
    tree = _TagContext(plan, places, _painted_content(plan), by_element, pages, references, ids)
    root = file.reserve()
    for element, parent in elements.items():
        file.fill(references[element], _element_dictionary(element, references[parent] if parent else root, tree))
    file.fill(root, _tree_root_dictionary(tree, annotations, file))
    file.add_catalog_entry("StructTreeRoot", root)
    file.canvas.setCatalogEntry("MarkInfo", {"Marked": "true"})


def _tree_root_dictionary(tree: _TagContext, annotations: Sequence[Annotation], file: PdfFile) -> str:
    """Write the parent tree, with keys for the pages, then for the annotations; return the root of the tree."""
    first = len(tree.pages)
    entries = [
        f"{page}[{' '.join(tree.references[owner] for owner in owners)}]"
        for page, owners in enumerate(tree.content.pages)
    ]
    entries += [f"{key} {tree.references[each.element]}" for key, each in enumerate(annotations, first)]
    parent_tree = file.add(f"<</Nums[{' '.join(entries)}]>>")
    return (
        f"<</Type/StructTreeRoot/K {tree.references[tree.plan.root]}/ParentTree {parent_tree}"
        f"/ParentTreeNextKey {first + len(annotations)}{_role_map_entry(tree.references)}{_id_tree_entry(tree)}>>"
    )


def _role_map_entry(elements: Iterable[Element]) -> str:
    """Return the entry that maps non-standard roles to standard ones. ValueError for an unknown role."""
    further = sorted({element.role for element in elements} - _STANDARD_ROLES)
    for role in further:
        if role not in _ROLE_MAP:
            raise ValueError(f"there is no role '{role}'")
    entries = "".join(f"/{role}/{_ROLE_MAP[role]}" for role in further)
    return f"/RoleMap<<{entries}>>" if entries else ""


def _id_tree_entry(tree: _TagContext) -> str:
    """Return the ID tree of the notes (ISO 14289-1, 7.9)."""
    entries = " ".join(f"{text_string(each)} {tree.references[element]}" for element, each in tree.ids.items())
    return f"/IDTree<</Names[{entries}]>>" if entries else ""


def _element_dictionary(element: Element, parent: str, tree: _TagContext) -> str:
    """Return `element` as a structure element."""
    marks = tree.content.by_element.get(element, ())
    page = f"/Pg {tree.pages[marks[0].page]}" if marks else ""
    kids = " ".join(_kid_entries(element, marks, tree))
    said = f"{_text_entries(element, tree)}{_attribute_entries(element, _figure_box(element, tree))}"
    return f"<</Type/StructElem/S/{element.role}/P {parent}{said}{page}{f'/K[{kids}]' if kids else ''}>>"


def _text_entries(element: Element, tree: _TagContext) -> str:
    """Return the entries of `element` that are text strings."""
    name = tree.ids.get(element, "")
    if not (element.language or element.alt or name):  # as is the case for most elements
        return ""
    texts = (("Lang", element.language), ("Alt", element.alt), ("ID", name))
    return "".join(f"/{key}{text_string(text)}" for key, text in texts if text)


def _kid_entries(element: Element, marks: Sequence[_MarkedContent], tree: _TagContext) -> Iterator[str]:
    """Yield the kids of `element` in reading order: its marked content, its children, its annotations."""
    home, waiting = marks[0].page if marks else None, list(marks)
    for child in element.children:
        place = tree.places.first.get(child) if waiting else None
        while place and waiting and waiting[0].order < place.order:
            yield _marked_content_entry(waiting.pop(0), home, tree)
        yield tree.references[child]
    for mark in waiting:
        yield _marked_content_entry(mark, home, tree)
    for annotation in tree.annotations.get(element, ()):
        yield f"<</Type/OBJR/Obj {annotation.reference}/Pg {tree.pages[annotation.page]}>>"


def _marked_content_entry(mark: _MarkedContent, home: int | None, tree: _TagContext) -> str:
    """Return the MCID of `mark`, with its page if that is not the `home` page of its element."""
    if mark.page == home:
        return str(mark.number)
    return f"<</Type/MCR/Pg {tree.pages[mark.page]}/MCID {mark.number}>>"


def _figure_box(element: Element, tree: _TagContext) -> str:
    """Return the bounding box of a figure, "" for other elements (ISO 32000-1, 14.8.5.4.3)."""
    extent = tree.places.figures.get(element)
    if extent is None:
        return ""
    return f"[{pdf_corners(extent, tree.plan.pages[tree.places.first[element].page].height)}]"


def _attribute_entries(element: Element, box: str) -> str:
    """Return the attributes of `element`, a dictionary for each owner (ISO 32000-1, 14.7.5); str values are names."""
    if not (element.attributes or element.summary or box):  # as is the case for most elements
        return ""
    owners: dict[str, str] = {"Layout": f"/BBox{box}"} if box else {}
    if element.summary:
        owners["Table"] = f"/Summary{text_string(element.summary)}"
    for owner, key, value in element.attributes:
        operand = f"/{value}" if isinstance(value, str) else f" {value}"
        owners[owner] = f"{owners.get(owner, '')}/{key}{operand}"
    entries = [f"<</O/{owner}{entry}>>" for owner, entry in owners.items()]
    return f"/A {entries[0]}" if len(entries) == 1 else f"/A[{''.join(entries)}]"
