"""What a page is to somebody who does not see it, or has no mouse.

Names and headings come from Chromium's own accessibility tree; the rest is measured in
the page as it is drawn. Numbers are those of WCAG 2.2, level AA.
"""

from pathlib import Path

from playwright.sync_api import Page

NAMED = {
    "button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox",
    "spinbutton", "image", "img", "dialog", "listbox", "switch", "menuitem",
}  # fmt: skip
LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3
LEAST_TARGET = 24  # px

MEASURE = (Path(__file__).parent / "accessibility.js").read_text()


def audit(page: Page, language: str) -> list[str]:
    """
    :param language: that the page says it is in, ``tr`` or ``en``
    :return: what is wrong, as sentences; empty if nothing is
    """
    is_phone = page.viewport_size["width"] < 600
    target = LEAST_TARGET if is_phone else 0
    measured = page.evaluate(MEASURE, [LEAST_CONTRAST, LEAST_CONTRAST_LARGE, target])
    said = page.evaluate("document.documentElement.lang") or ""
    if not said.lower().startswith(language):
        measured.append(f"the page says it is in {said!r}")
    if not page.title().strip():
        measured.append("the page has no title")
    return measured + _tree_problems(page)


def _tree_problems(page: Page) -> list[str]:
    client = page.context.new_cdp_session(page)
    try:
        client.send("DOM.enable")
        nodes = client.send("Accessibility.getFullAXTree")["nodes"]
        return _node_problems(client, nodes)
    finally:
        client.detach()


def _node_problems(client, nodes) -> list[str]:
    problems, levels = [], []
    for node in nodes:
        if node.get("ignored"):
            continue
        role = node.get("role", {}).get("value", "")
        name = (node.get("name", {}).get("value") or "").strip()
        if role in NAMED and not name:
            where = _where(client, node)
            # The browser's own parts of a field.
            if 'pseudo="-webkit' not in where:
                problems.append(f"{role} without a name: {where}")
        if role == "heading":
            levels.append((_property(node, "level"), name))
    return problems + heading_problems(levels)


def heading_problems(levels: list[tuple[int, str]]) -> list[str]:
    """
    >>> heading_problems([(1, "Open items"), (3, "Paid")])
    ['heading 3 after 1: Paid']
    >>> heading_problems([(2, "Open items")])
    ['0 headings of the first level', 'heading 2 after 0: Open items']
    """
    problems, before = [], 0
    first = sum(level == 1 for level, _name in levels)
    if first != 1:
        problems.append(f"{first} headings of the first level")
    for level, name in levels:
        if level > before + 1:
            problems.append(f"heading {level} after {before}: {name}")
        before = level
    return problems


def _property(node, name):
    for one in node.get("properties", []):
        if one["name"] == name:
            return one["value"].get("value")
    return 0


def _where(client, node):
    where = {"backendNodeId": node["backendDOMNodeId"]}
    return client.send("DOM.getOuterHTML", where)["outerHTML"][:120]
