"""Descriptions: what stays, what goes, and how long a hostile one may take."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baysync.listing.html import MOST_TAGS, clean, too_complex


@pytest.mark.parametrize(
    "html",
    [
        "plain text & more",
        "<p>Hello <b>world</b></p>",
        '<table border="1"><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
        '<a href="https://example.com/a">x</a>',
        '<p style="color:red">x</p>',
        '<img src="https://example.com/a.jpg" alt="a">',
    ],
)
def test_formatting_stays_as_it_is(html: str) -> None:
    cleaned = clean(html)
    assert cleaned
    assert (cleaned.html, cleaned.stripped) == (html, 0)


@pytest.mark.parametrize(
    ("html", "safe", "stripped"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>", 1),
        ('<p onclick="x()">a</p>', "<p>a</p>", 1),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>", 2),
        ('<a href="jav&#x09;ascript:alert(1)">x</a>', "<a>x</a>", 2),
        ("<svg><script>1</script></svg>", "", 2),
        ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "", 8),
        ("<iframe src=https://example.com></iframe><form>x</form>", "x", 3),
        ("<p>a<!-- hidden -->b</p>", "<p>ab</p>", 1),
        ('<p style="position:fixed;color:red">x</p>', '<p style="color:red">x</p>', 1),
        ('<p style="width:expression(alert(1))">x</p>', "<p>x</p>", 2),
        ("<p style='background:url(//x)'>x</p>", "<p>x</p>", 2),
        ('<p style="color: rgb(1,2,3)">x</p>', '<p style="color:rgb(1, 2, 3)">x</p>', 0),
        ("<p>a<br/>b", "<p>a<br>b</p>", 0),
    ],
)
def test_what_is_active_goes_and_is_counted(html: str, safe: str, stripped: int) -> None:
    cleaned = clean(html)
    assert cleaned
    assert (cleaned.html, cleaned.stripped) == (safe, stripped)


@pytest.mark.parametrize("html", ["<p>a<br/>b", "<ul><li>a<li>b</ul>", "<b><i>x</b>y</i>", "1 < 2"])
def test_cleaning_twice_changes_nothing_more(html: str) -> None:
    once = clean(html)
    assert once
    assert clean(once.html) == type(once)(once.html, 0)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<DIV>" * 300,
        "<div></p>" * 300,
        "<b><div></b>" * 300,
        "<div><b></div>" * 300,
        "<svg>" + "<tr>" * 300,
        "<p>x</p>" * MOST_TAGS,
        "<p>" + "&" * 400_000,
        f"<p {' '.join(f'a{n}' for n in range(71_000))}>x",
        f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>x</p>",
        "<p a" + " " * 100_000 + "b" * 100_000 + "='" + "c d=" * 100_000,
        "<a " + "= " * 200_000,
        f"<p title='>' {'/'.join(f'<a{n}' for n in range(50_000))}>",
    ],
)
def test_deep_or_endless_markup_is_refused_quickly(html: str) -> None:
    began = time.process_time()
    assert clean(html) is None
    assert time.process_time() - began < 0.3


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 5_000,
        "<ul>" + "<li>x" * 5_000,
        "<div></div>" * 5_000,
        "<b><i></b></i>" * 500,
        "<div><span></div>" * 300,
        "<table>" + "x<p>" * 9_000,
        "".join(f"<font size={n}>" for n in range(250)) + "<p>x" * 9_000,
        "<p title='a > b' class=x>it's fine, <b>really</b></p>" * 2_000,
    ],
)
def test_sloppy_markup_is_cleaned_in_bounded_time(html: str) -> None:
    began = time.process_time()
    assert clean(html)
    assert time.process_time() - began < 2


BITS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div ",
            "style=",
            "STYLE='",
            '"',
            "'",
            ">",
            "<b",
            "<br/>",
            "<table>",
            "</i>",
        ),
        *("color: red;", "background:", "url", "(", ")", "\\", "/*", "*/", "&#40;", "&lpar;", "x"),
        *("<td>", "<!--", "-->", "<svg>", "expression", " ", "\n", "</", "<", "é"),
    ]
)


@given(st.lists(BITS, max_size=60).map("".join))
def test_the_faster_way_cleans_as_the_one_that_asks_of_each_style(html: str) -> None:
    alone, asked = clean(html), clean(f"( {html}")  # a bracket may be a call: each style is asked
    assert alone
    assert asked
    assert asked.html == f"( {alone.html}"


@given(st.lists(st.sampled_from(["<b>", "<div>", "</b>", "<p>", "</p>", "<svg>", "<br>", "< "])))
@settings(deadline=None)
def test_what_is_too_complex_is_never_passed_by(parts: list[str]) -> None:
    html = "".join(parts * 90)
    if too_complex(html):
        assert clean(html) is None
