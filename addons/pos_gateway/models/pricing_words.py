"""What the price engine decided, in words: for payers, and for staff.

The keys are those of ``pricing.quote.NotOffered.reason`` and ``pricing.route``; the
engine itself speaks no language.
"""


def payer_note(env, refusal):
    """Tell a payer plainly why a number of installments is not offered.

    :param NotOffered refusal: of the smallest number of installments
    :return: a sentence, or an empty text where there is nothing that he could do
    """
    _ = env._
    sentences = {
        "debit": _("This is a debit or prepaid card: it is charged in one payment."),
        "unknown_card": _(
            "We do not know these first digits, so this card is charged in one"
            " payment. Check them, or try another card for installments."
        ),
        "program": _(
            "Installments are not possible with this card here. Another credit card"
            " may have them."
        ),
        "minimum_total": _("This amount is too small for installments."),
        "minimum_installment": _("This amount is too small for more installments."),
    }
    return sentences.get(refusal.reason, "")


def staff_refusal(env, refusal):
    """:return: why this is not offered, and which rule says so"""
    _ = env._
    source = refusal.source
    if source in ("offer", "offer_line"):
        source = _("the offer itself")
    sentences = {
        "debit": _("Debit and prepaid cards take no installments."),
        "unknown_card": _("The kind of the card is not known: no installments."),
        "program": _("No POS takes cards of this program in installments."),
        "minimum_total": _("Below the smallest total: %s", source),
        "maximum_total": _("Above the largest total: %s", source),
        "minimum_installment": _("The installment would be too small: %s", source),
        "max_installments": _("More installments than allowed: %s", source),
        "cap": _("More installments than the law allows: %s", source),
        "surcharge": _("No surcharge on consumer cards: %s", source),
        "no_agreement": _("No bank agreement covers this: %s", source),
        "no_offer": _("The offer does not have it."),
        "impossible": _("No amount leaves the whole debt after the bank's cost."),
        "down": _("Every POS that could take this payment is out of service."),
        "no_pos": _("No virtual POS takes this payment at the moment."),
    }
    # Where no rule in particular says so, there is nothing after the colon.
    return sentences.get(refusal.reason, refusal.reason).removesuffix(": ")


def route_reason(env, reason):
    """:return: why a POS was chosen"""
    _ = env._
    return {
        "only": _("The only POS that takes this payment."),
        "fixed": _("This partner always pays at this POS."),
        "cheapest": _("The cheapest POS for this card, amount and count."),
        "priority": _("The first POS in order: costs are equal or not known."),
        "promise": _("To meet the volume that was promised to the bank."),
        "failover": _("The POS that would have been chosen is out of service."),
    }.get(reason, reason)


def why_not(env, code, detail, money):
    """:return: why another POS was not chosen

    :param dict detail: what the engine adds to the code
    :param money: a function that writes kuruş as an amount
    """
    _ = env._
    if code == "dearer":
        return _("Dearer by %s", money(detail.get("by", 0)))
    sentences = {
        "down": _("Out of service"),
        "priority": _("Later in order"),
        "unknown_cost": _("No agreement: its cost is not known"),
        "not_fixed": _("The partner has a POS of its own"),
        "promise": _("Another POS has a volume promise to meet"),
        "program": _("Does not take this card in installments"),
        "currency": _("Does not take this currency"),
    }
    text = sentences.get(code)
    if text:
        return text
    source = detail.get("source", "")
    return _("Not allowed: %s", source) if source else _("Not possible there")


def bearer(env, key):
    """:return: who bears the bank's cost"""
    _ = env._
    return {
        "company": _("the company"),
        "payer": _("the payer"),
        "shared": _("the payer and the company"),
        "dealer": _("the dealer, by an invoice afterwards"),
    }.get(key, key)


def steps(env, quote, money):
    """Explain an amount, step by step.

    :param dict quote: as it is stored with a payment
    :param money: a function that writes kuruş as an amount
    :return: list of dicts with ``label``, ``how``, ``amount`` (texts) and ``is_sum``
    """
    _ = env._
    rows = []

    def add(label, kurus, how="", is_sum=False):
        rows.append(
            {"label": label, "how": how, "amount": money(kurus), "is_sum": is_sum}
        )

    add(_("Debt"), quote["base"])
    add(_("Surcharge"), quote["surcharge"], _surcharge_how(env, quote))
    add(_("Charged to the card"), quote["total"], is_sum=True)
    parts = quote["installments"]
    if len(set(parts)) > 1:
        add(_("First installment"), parts[0], _("takes the remainder of the division"))
        add(_("Each further installment"), parts[-1], f"× {len(parts) - 1}")
    elif len(parts) > 1:
        add(_("Each installment"), parts[0], f"× {len(parts)}")
    cost = quote.get("cost")
    if not cost:
        return rows
    add(_("Bank's commission"), cost["commission"], _cost_how(env, quote))
    if cost["fee"]:
        add(_("Bank's fee"), cost["fee"])
    add(_("BSMV"), cost["bsmv"], _("tax on commission and fee"))
    add(_("The bank pays"), cost["net"], is_sum=True)
    left = cost["commission"] + cost["fee"] + cost["bsmv"] - quote["surcharge"]
    add(_("Cost after the surcharge"), left, _left_how(env, quote, left))
    return rows


def _left_how(env, quote, left):
    """The surcharge is the payer's part; what it leaves is the company's, in any case
    but one.
    """
    if left < 0:
        return env._("a gain: the surcharge is more than the cost")
    heir = "dealer" if quote["bearer"] == "dealer" else "company"
    return env._("borne by %s", bearer(env, heir)) if left else ""


def _surcharge_how(env, quote):
    _ = env._
    if quote["bearer"] in ("company", "dealer"):
        return _("none: the cost is borne by %s", bearer(env, quote["bearer"]))
    if quote["mode"] == "net":
        return _("the smallest that leaves the company the whole debt")
    return _("%s %% of the debt", _percent(env, quote["surcharge_rate"]))


def _cost_how(env, quote):
    rate = (quote.get("cost_line") or {}).get("rate")
    return env._("%s %% of what is charged", _percent(env, rate)) if rate else ""


def _percent(env, text):
    """:return: decimal text as the user's language writes it"""
    lang = env["res.lang"]._get_data(code=env.lang or "en_US")
    return text.replace(".", lang.decimal_point or ".")
