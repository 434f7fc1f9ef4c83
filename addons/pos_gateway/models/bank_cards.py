"""Which cards the banks give out, and of which programs they take installments.

As published, checked November 2026. Partners change: the POS form has the last word.
"""

# Bank of `protocols.banks` -> its EFT code, as in the table of card issuers.
EFT_CODES = {
    "ziraat": "0010",
    "halkbank": "0012",
    "vakifbank": "0015",
    "teb": "0032",
    "akbank": "0046",
    "akbank_nestpay": "0046",
    "sekerbank": "0059",
    "garanti": "0062",
    "isbank": "0064",
    "yapikredi": "0067",
    "ing": "0099",
    "qnb": "0111",
    "enpara": "0111",
    "qnbfinansbank": "0111",
    "alternatifbank": "0124",
    "denizbank": "0134",
    "anadolubank": "0135",
    "albaraka": "0203",
    "kuveytturk": "0205",
    "turkiyefinans": "0206",
    "ziraatkatilim": "0209",
    "vakifkatilim": "0210",
}

# Bank -> codes of the card programs of which it takes installments: the program's
# owner and its partners. A bank that is not here takes them by its own rules.
PROGRAMS = {
    "garanti": ("bonus", "miles_smiles", "shop_fly"),
    "teb": ("bonus",),
    "ing": ("bonus",),
    "denizbank": ("bonus",),
    "turkiyefinans": ("bonus",),
    "sekerbank": ("bonus",),
    "alternatifbank": ("bonus",),
    "yapikredi": ("world",),
    "vakifbank": ("world",),
    "albaraka": ("world",),
    "anadolubank": ("world",),
    "isbank": ("maximum",),
    "akbank": ("axess", "wings", "neo"),
    "akbank_nestpay": ("axess", "wings", "neo"),
    "qnb": ("cardfinans",),
    "enpara": ("cardfinans",),
    "qnbfinansbank": ("cardfinans",),
    "halkbank": ("paraf",),
    "ziraat": ("bankkart",),
    "kuveytturk": ("saglam_kart", "miles_smiles"),
}
