"""From markup to the words that a reader sees, fit to be stored."""

from __future__ import annotations

import html
import re

import nh3

# A tag that ends a line on the screen. The bounds keep time proportional to the length on hostile input.
_BREAK = re.compile(
    r"<(?:/?(?:p|div|li|ul|ol|dl|dt|dd|tr|table|h[1-6]|blockquote|pre|section|article|figure|figcaption)|br|hr)"
    r"(?=[\s/>])[^<>]{0,1000}>",
    re.IGNORECASE,
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def fit(text: str) -> str:
    """The text without characters that no database or XML takes: controls, NUL, lone surrogates."""
    return _UNFIT.sub("", text) if _UNFIT.search(text) else text


def one_line(text: str, *, markup: bool = True) -> str:
    """The text on one line, without tags and entities; with `markup=False` these are letters like any other."""
    if markup and ("<" in text or "&" in text):
        text = html.unescape(nh3.clean(text, tags=set()))
    return " ".join(fit(text).split())


def paragraphs(markup: str) -> str:
    """The visible text of a piece of HTML, paragraphs separated by newlines."""
    if "<" not in markup and "&" not in markup:
        return _tidy(markup)
    # Line breaks of the source mean nothing in HTML; those of the screen are made by tags.
    flat = " ".join(markup.split())
    return _tidy(html.unescape(nh3.clean(_BREAK.sub("\n", flat), tags=set())))


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in fit(text).split("\n"))
    return "\n".join(line for line in lines if line)


def cut(text: str, length: int) -> str:
    """The beginning of a text, ended at a word, with an ellipsis where something was left out."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head[: head.rfind(" ")] if " " in head[-80:] else head).rstrip() + "…"
