"""The structure tree in PDF syntax: elements and what was painted for them in, StructTreeRoot and ParentTree out.

The tree says what is read and in which order (ISO 32000-1, 14.7; ISO 14289-1, 7); painting only adds marks to it. Where
an element has both words of its own and elements inside, the order of painting decides what stands before what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from handouts.pdf.marks import Annotation, Mark, Painted
from handouts.pdf.objects import File, numbers, text_string
from handouts.pdf.page import Element

STANDARD = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "NonStruct"}
    | {"P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"}
    | {"Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"}
    | {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Figure", "Formula", "Form"}
)
# Roles of PDF 2.0 that say more than those of PDF 1.7, and what stands for them in it.
ROLE_MAP = {"Em": "Span", "Strong": "Span", "Sub": "Span", "Title": "P", "Aside": "Div", "FENote": "Note"}


class Tree(Struct, frozen=True):
    """What the writing of one element needs to know of the whole: the painted plan, references, identifiers."""

    painted: Painted
    references: Mapping[Element, str]
    ids: Mapping[Element, str]
    annotations: Mapping[Element, Sequence[Annotation]]


def write_tags(painted: Painted, file: File) -> str:
    """Write the structure tree and return the reference to its root."""
    elements = painted.places.parents
    notes = [element for element in elements if element.role in ("Note", "FENote")]
    annotations: dict[Element, list[Annotation]] = {}
    for annotation in painted.annotations:
        annotations.setdefault(annotation.element, []).append(annotation)
    tree = Tree(
        painted,
        references={element: file.reserve() for element in elements},
        ids={element: f"note-{count:04d}" for count, element in enumerate(notes, 1)},
        annotations=annotations,
    )
    root = file.reserve()
    for element, parent in elements.items():
        file.fill(tree.references[element], element_syntax(element, tree.references[parent] if parent else root, tree))
    file.fill(root, root_syntax(tree, file))
    return root


def root_syntax(tree: Tree, file: File) -> str:
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
        f"/ParentTreeNextKey {first + len(painted.annotations)}{role_map(tree.references)}{id_tree(tree)}>>"
    )


def role_map(elements: Iterable[Element]) -> str:
    """Return the entry that maps the roles beyond the standard ones. ValueError for a role that nobody knows."""
    further = sorted({element.role for element in elements} - STANDARD)
    for role in further:
        if role not in ROLE_MAP:
            raise ValueError(f"there is no role '{role}'")
    entries = "".join(f"/{role}/{ROLE_MAP[role]}" for role in further)
    return f"/RoleMap<<{entries}>>" if entries else ""


def id_tree(tree: Tree) -> str:
    """Return the entry that finds notes by their identifiers (ISO 14289-1, 7.9)."""
    entries = " ".join(f"{text_string(each)} {tree.references[element]}" for element, each in tree.ids.items())
    return f"/IDTree<</Names[{entries}]>>" if entries else ""


def element_syntax(element: Element, parent: str, tree: Tree) -> str:
    """Return `timing_child` as a structure element."""
    marks = tree.painted.marks.of.get(element, ())
    page = f"/Pg {tree.painted.pages[marks[0].page]}" if marks else ""
    kids = " ".join(kids_of(element, marks, tree))
    said = f"{texts_syntax(element, tree)}{attributes_syntax(element, box_of(element, tree))}"
    return f"<</Type/StructElem/S/{element.role}/P {parent}{said}{page}{f'/K[{kids}]' if kids else ''}>>"


def texts_syntax(element: Element, tree: Tree) -> str:
    """Return the entries of `timing_child` that are texts: most elements have none."""
    name = tree.ids.get(element, "")
    if not (element.language or element.alt or element.actual or name):
        return ""
    texts = (("Lang", element.language), ("Alt", element.alt), ("ActualText", element.actual), ("ID", name))
    return "".join(f"/{key}{text_string(text)}" for key, text in texts if text)


def kids_of(element: Element, marks: Sequence[Mark], tree: Tree) -> Iterator[str]:
    """Yield what `timing_child` holds, in reading order: its own content, its children, its annotations."""
    home, waiting = marks[0].page if marks else None, list(marks)
    for child in element.children:
        place = tree.painted.places.first.get(child) if waiting else None
        while place and waiting and waiting[0].order < place.order:
            yield mark_syntax(waiting.pop(0), home, tree)
        yield tree.references[child]
    for mark in waiting:
        yield mark_syntax(mark, home, tree)
    for annotation in tree.annotations.get(element, ()):
        yield f"<</Type/OBJR/Obj {annotation.reference}/Pg {tree.painted.pages[annotation.page]}>>"


def mark_syntax(mark: Mark, home: int | None, tree: Tree) -> str:
    """Return the number of `mark`, with its page if that is not the `home` page of its element."""
    if mark.page == home:
        return str(mark.number)
    return f"<</Type/MCR/Pg {tree.painted.pages[mark.page]}/MCID {mark.number}>>"


def box_of(element: Element, tree: Tree) -> str:
    """Return the bounding box of a figure that is on a page, else "" (ISO 32000-1, 14.8.5.4.3)."""
    extent = tree.painted.places.figures.get(element)
    if extent is None:
        return ""
    height = tree.painted.plan.pages[tree.painted.places.first[element].page].height
    return f"[{numbers(extent.left, height - extent.bottom, extent.right, height - extent.top)}]"


def attributes_syntax(element: Element, box: str) -> str:
    """Return the attributes of `timing_child`, one dictionary for each owner; a text is a name (ISO 32000-1, 14.7.5)."""
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
