"""Descriptions made safe: an allow-list of formatting, behind a guard against deep nesting.

nh3 decides what stays; nothing active does: no scripts, event handlers, frames, forms, ``svg``
or ``math``. Its cost is quadratic in the depth of nesting (200,000 open ``<div>`` took 112 s), so
a scan of the tags, linear and generous, refuses what is deeper than 256 before nh3 sees it. Tags
in a table but in no cell are quadratic in their number, and so are the attributes of one tag and
ampersands in one text, hence the other bounds.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import nh3


def _words(text: str) -> set[str]:
    return set(text.split())


DEEPEST = 256
MOST_TAGS = 20_000
MOST_ATTRIBUTES = 500  # of one tag
MOST_AMPERSANDS = 50_000
_SHORT = 200  # characters of a tag that may come again, and is remembered
_FEW_ATTRIBUTES = 50_000  # characters in which too many attributes to notice do not fit
_TAGS = _words(
    "a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl "
    "dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins li mark ol p "
    "pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr "
    "tt u ul var wbr"
)
_ATTRIBUTES = {
    "*": {"align", "class", "dir", "lang", "style", "title"},
    "a": {"href", "target"},
    "font": {"color", "face", "size"},
    "img": {"alt", "border", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": {"bgcolor", "colspan", "height", "rowspan", "valign", "width"},
    "th": {"bgcolor", "colspan", "height", "rowspan", "scope", "valign", "width"},
}
_STYLES = _words(
    "background-color border border-bottom border-collapse border-color border-left "
    "border-radius border-right border-spacing border-style border-top border-width clear "
    "color display float font font-family font-size font-style font-weight height "
    "letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right "
    "margin-top max-width min-width padding padding-bottom padding-left padding-right "
    "padding-top text-align text-decoration text-indent text-transform vertical-align "
    "white-space width word-break"
)
_VOID = _words("area base br col embed hr img input link meta param source track wbr")
# The parser closes these by itself: they nest only through something else that is counted.
_SELF_CLOSING = _words("p li dd dt tr td th tbody thead tfoot option")
# These survive the end of what holds them, so that only their own end tag ends them.
_FORMATTING = _words("a b big code em font i nobr s small strike strong tt u")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# One attribute as the HTML standard's tokeniser reads it (13.2.5.32 and following).
_ATTRIBUTE = re.compile(
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?"""
)
_HEAD = re.compile(r"<([^<>]*)")
_FOREIGN = {"svg", "math"}  # within, nothing closes by itself
_NAMES = re.compile(r"(<[a-zA-Z][^\s/>]*|[\s/;\"'][a-zA-Z][\w.-]*(?=\s*[=:])|<!--)")
_CALLING = ("(", "\\", "*", "&")  # no style calls anything without one of these
_CALL = re.compile(r"(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)\(|\\|/\*")


@dataclass(frozen=True, slots=True)
class Clean:
    """A description made safe; ``stripped`` counts the elements and attributes left out."""

    html: str
    stripped: int


def clean(html: str) -> Clean | None:
    """Return ``html`` with only what a description may hold, or None if it is too complex."""
    opened = html.count("<")
    if not opened:
        return Clean(html, 0)
    if html.count("&") > MOST_AMPERSANDS:
        return None
    if _is_suspect(html, opened) and too_complex(html):
        return None
    if len(html) > _FEW_ATTRIBUTES and _has_endless_tag(html):
        return None
    safe = (_CLEANER if _may_call(html) else _FASTER).clean(html)
    return Clean(safe, 0 if safe == html else _lost(html, safe))


def _is_suspect(html: str, opened: int) -> bool:
    """Tell whether so many ``<``, less those of end tags, may nest too deeply or be too many."""
    return opened > MOST_TAGS or (opened > DEEPEST and opened - html.count("</") > DEEPEST)


def _may_call(html: str) -> bool:
    """Tell whether a style might call something, spelled out or by an entity."""
    return any(sign in html for sign in _CALLING) and "style" in html.lower()


def _without_calls(_tag: str, attribute: str, value: str) -> str | None:
    """Drop a style that calls anything: ``url(...)``, ``expression(...)``; colours may."""
    return None if attribute == "style" and _CALL.search(value) else value


def _lost(before: str, after: str) -> int:
    """Return how many elements and attributes ``after`` lacks; only tags that differ are read."""
    old, new = _heads(before), _heads(after)
    return (_names(old - new) - _names(new - old)).total()


def _heads(html: str) -> Counter[str]:
    return Counter(_HEAD.findall(html))


def _names(heads: Counter[str]) -> Counter[str]:
    names: Counter[str] = Counter()
    for head, times in heads.items():
        known = _names_of if len(head) <= _SHORT else _names_of.__wrapped__
        for name in known(head):
            names[name] += times
    return names


@lru_cache(4_096)
def _names_of(head: str) -> list[str]:
    """Return element and attributes of a tag; the listings of a shop have the same ones."""
    return [name.lower().lstrip(" \t\r\n\f/;\"'") for name in _NAMES.findall(f"<{head}")]


def too_complex(html: str) -> bool:
    """Tell whether HTML nests too deeply or has too many tags, by a look at each tag."""
    tags = cast("list[tuple[str, str]]", _TAG.findall(html))
    return len(tags) > MOST_TAGS or _nests_too_deeply(tags)


def _has_endless_tag(html: str) -> bool:
    """Return whether a tag has more attributes than any description needs."""
    after = 0
    while (tag := _TAG.search(html, after)) is not None:
        after = tag.end()
        for _ in range(MOST_ATTRIBUTES):
            attribute = _ATTRIBUTE.match(html, after)
            if attribute is None:
                break
            after = attribute.end()
        else:
            return True
    return False


def _nests_too_deeply(tags: list[tuple[str, str]]) -> bool:
    kinds = Counter(tags)
    foreign = any(name.lower() in _FOREIGN for _, name in kinds)
    uncounted: set[str] = set() if foreign else _VOID | _SELF_CLOSING
    if sum(n for (end, name), n in kinds.items() if not end and name not in uncounted) <= DEEPEST:
        return False
    stack: list[str] = []
    opened: Counter[str] = Counter()
    for end, spelled in tags:
        name = spelled.lower()
        if name in uncounted:
            continue
        if not end:
            stack.append(name)
            opened[name] += 1
            if len(stack) > DEEPEST:
                return True
        elif opened[name]:
            _close(stack, opened, name)
    return False


def _close(stack: list[str], opened: Counter[str], name: str) -> None:
    """Take the innermost ``name`` off the stack, and all within it that ends with it."""
    kept: list[str] = []
    while (last := stack.pop()) != name:
        if name in _FORMATTING or last in _FORMATTING:
            kept.append(last)
        else:
            opened[last] -= 1
    opened[name] -= 1
    stack.extend(reversed(kept))


def _cleaner(attribute_filter: Callable[[str, str, str], str | None] | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        filter_style_properties=_STYLES,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )


_CLEANER = _cleaner(_without_calls)
_FASTER = _cleaner(None)  # where no style can call anything: the filter is asked of each attribute
