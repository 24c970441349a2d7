"""Words and signs of money beside a number, and the currency that each names. Pure."""

import re

_NAMES = (
    "€=EUR EURO=EUR EUROS=EUR US$=USD $US=USD £=GBP £GB=GBP SFR.=CHF SFR=CHF ZŁ=PLN CA$=CAD C$=CAD"
    " $CA=CAD AU$=AUD A$=AUD $AU=AUD HK$=HKD $HK=HKD S$=SGD SG$=SGD $SG=SGD NT$=TWD NZ$=NZD $NZ=NZD"
    " MX$=MXN $MX=MXN R$=BRL RM=MYR ₱=PHP CN¥=CNY JP¥=JPY ₹=INR ₩=KRW ₪=ILS ₫=VND ฿=THB ₺=TRY"
    " ₽=RUB ₴=UAH KČ=CZK FT=HUF LEI=RON"
)
_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES"
    " KRW KWD MAD MXN MYR NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD"
    " UYU VND ZAR"
)
_SEVERAL = "$ ¥ ￥ KR KR. FR FR."  # signs of several currencies name none

MONEY = {
    **{code: code for code in _CODES.split()},
    **{word: code for word, _, code in (name.partition("=") for name in _NAMES.split())},
    **dict.fromkeys(_SEVERAL.split(), ""),
}
PATTERN = "|".join(
    re.escape(word).replace(r"\$", r"\ ?\$\ ?")
    for word in sorted(MONEY, key=lambda word: (-len(word), word))
)


def currency_of(word: str) -> str:
    """Return the ISO 4217 code that a word or sign names, empty for a sign of several."""
    return MONEY[word.upper().replace(" ", "")]
