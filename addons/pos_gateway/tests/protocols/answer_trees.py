"""Answers of banks taken apart: XML, JSON and pairs alike, for the shared suites."""

import json
import re
from copy import deepcopy

from lxml import etree

XML, JSON, PAIRS, FORM, HTML = "xml", "json", "pairs", "form", "html"
_DECLARED = re.compile(rb"encoding=[\"']([^\"']+)[\"']")


def kind_of(body: bytes) -> str:
    start = body.lstrip()[:1]
    if start == b"<":
        return HTML if b"<html" in body[:500].lower() else XML
    if start in (b"{", b"["):
        return JSON
    return PAIRS if b";;" in body else FORM


def encoding_of(body: bytes) -> str:
    found = _DECLARED.search(body[:200])
    return found[1].decode() if found else "utf-8"


def with_each(body: bytes, change):
    """:return: (path, the same document with that leaf's text changed)"""
    maker = {XML: _each_xml, JSON: _each_json, PAIRS: _each_pair}.get(kind_of(body))
    return maker(body, change) if maker else ()


def _each_xml(body, change):
    encoding = encoding_of(body)
    count = len(list(etree.fromstring(body).iter()))
    for at in range(count):
        root = etree.fromstring(body)
        leaf = list(root.iter())[at]
        if len(leaf) or leaf is root or not isinstance(leaf.tag, str):
            continue
        path = "/".join(
            etree.QName(e).localname for e in reversed([leaf, *leaf.iterancestors()])
        )
        text = change(leaf.text or "")
        if text is None:
            leaf.getparent().remove(leaf)
        else:
            leaf.text = text
        yield path, etree.tostring(root, encoding=encoding, xml_declaration=True)


def _leaves(tree, path=()):
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for name, node in pairs:
        if isinstance(node, dict | list):
            yield from _leaves(node, (*path, name))
        else:
            yield (*path, name)


def _each_json(body, change):
    tree = json.loads(body)
    for path in _leaves(tree):
        copy = deepcopy(tree)
        node = copy
        for name in path[:-1]:
            node = node[name]
        old = node[path[-1]]
        text = change("" if old is None else str(old))
        if text is None:
            del node[path[-1]]
        else:
            node[path[-1]] = text
        yield "/".join(map(str, path)), json.dumps(copy).encode()


def _each_pair(body, change):
    pieces = [piece for piece in body.decode().split(";;") if piece]
    for at, piece in enumerate(pieces):
        name, _equals, old = piece.partition("=")
        text = change(old)
        changed = [] if text is None else [f"{name}={text}"]
        yield name, ";;".join(pieces[:at] + changed + pieces[at + 1 :]).encode()
