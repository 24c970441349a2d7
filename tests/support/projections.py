"""Projections to test with: one of everything, and any that hypothesis can think of."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from baysync.projection import spelling
from baysync.projection.model import (
    Axis,
    Contact,
    Content,
    Group,
    Lifecycle,
    Offer,
    Price,
    Projection,
    Regulatory,
    Size,
    Tax,
    Variant,
    Weight,
)

LAMP = Projection(
    content=Content(
        aspects={"Brand": ("Lumo",), "Colour": ("Brass", "Green")},
        brand="Lumo",
        condition="NEW",
        gtins=("4006381333931",),
        images=("https://shop.example/lamp-1.jpg", "https://shop.example/lamp-2.jpg"),
        mpn="L-100",
        title="Brass desk lamp",
    ),
    lifecycle=Lifecycle.LIVE,
    offer=Offer(
        category="112581",
        description="<p>A lamp.</p>",
        fulfillment_policy="11",
        location="berlin",
        payment_policy="12",
        return_policy="13",
    ),
    price=Price(currency="EUR", value="34.99"),
    quantity=5,
)

words = st.text(max_size=12).map(spelling.text)
some = st.none() | words.filter(bool)
several = st.lists(words.filter(bool), max_size=4).map(tuple)
numbers = st.decimals(min_value=0, max_value=9999, places=3).map(spelling.decimal)
contacts = st.builds(Contact, city=some, company=some, email=some, roles=several)
variants = st.builds(
    Variant, gtins=several, images=several, mpn=some, options=st.dictionaries(words, words)
)
groups: SearchStrategy[Group] = st.builds(
    Group,
    axes=st.lists(st.builds(Axis, name=words, values=several), max_size=2).map(tuple),
    variants=st.dictionaries(words, variants, max_size=3),
)
contents: SearchStrategy[Content] = st.builds(
    Content,
    aspects=st.dictionaries(words, several, max_size=4),
    brand=some,
    condition=some,
    condition_note=some,
    group=st.none() | groups,
    gtins=several,
    images=several,
    mpn=some,
    size=st.none() | st.builds(Size, height=numbers, length=numbers, unit=words, width=numbers),
    subtitle=some,
    title=words,
    weight=st.none() | st.builds(Weight, unit=words, value=numbers),
)
offers: SearchStrategy[Offer] = st.builds(
    Offer,
    category=some,
    description=words,
    location=some,
    regulatory=st.none()
    | st.builds(
        Regulatory,
        manufacturer=st.none() | contacts,
        responsible=st.lists(contacts, max_size=2).map(tuple),
    ),
    store_categories=several,
    tax=st.none() | st.builds(Tax, apply=st.none() | st.booleans(), vat_percentage=some),
)
projections: SearchStrategy[Projection] = st.builds(
    Projection,
    content=st.none() | contents,
    lifecycle=st.none() | st.sampled_from(Lifecycle),
    offer=st.none() | offers,
    price=st.none()
    | st.builds(
        Price,
        currency=words,
        value=numbers,
        variants=st.dictionaries(words, numbers, max_size=3),
    ),
    quantities=st.dictionaries(words, st.integers(0, 10_000), max_size=3),
    quantity=st.none() | st.integers(0, 10_000),
)
