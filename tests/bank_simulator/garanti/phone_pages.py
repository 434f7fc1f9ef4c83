"""The pages of GarantiPay as HTML: where the browser waits, and the phone app."""

from html import escape

from ..cards import CARDS
from ..money import format_for_reader
from ..pages import facts, page, payment_page, summary, wait_script
from ..payments import CANCELLED

TEXTS = {
    "tr": {
        "wait_title": "Telefonunuzdan onaylayın",
        "wait_text": "Garanti BBVA uygulamasını açın ve ödemeyi onaylayın. Bu sayfa"
        " kendiliğinden ilerler.",
        "open_app": "Deneme bankasının telefon uygulamasını aç",
        "app_title": "Bekleyen ödemeler",
        "nothing": "Onay bekleyen ödeme yok.",
        "confirm_title": "Ödemeyi onayla",
        "card": "Kart",
        "single": "Tek çekim",
        "count": "{count} taksit",
        "approve": "Onayla",
        "refuse": "Reddet",
        "approved": "Ödeme onaylandı.",
        "declined": "Banka ödemeyi onaylamadı.",
        "refused": "Ödemeyi reddettiniz.",
        "late": "Süre doldu, ödeme yapılmadı.",
        "back": "Uygulamaya dön",
    },
    "en": {
        "wait_title": "Confirm on your phone",
        "wait_text": "Open the Garanti BBVA app and confirm the payment. This page goes"
        " on by itself.",
        "open_app": "Open the test bank's phone app",
        "app_title": "Waiting payments",
        "nothing": "No payment waits for you.",
        "confirm_title": "Confirm the payment",
        "card": "Card",
        "single": "Single payment",
        "count": "{count} installments",
        "approve": "Confirm",
        "refuse": "Refuse",
        "approved": "The payment was approved.",
        "declined": "The bank did not approve the payment.",
        "refused": "You refused the payment.",
        "late": "It took too long; no payment was made.",
        "back": "Back to the app",
    },
}
APP_NAME = "GarantiPay"


def wait_page(payment):
    texts = TEXTS[payment.lang]
    base = f"/garantipay/{payment.token}"
    body = f"""<section class="panel" role="status"><h1>{texts["wait_title"]}</h1>
<p>{texts["wait_text"]}</p>{facts(summary(payment))}
<p class="hint"><a href="{base}?lang={payment.lang}" target="phone">
{texts["open_app"]}</a></p></section>"""
    script = wait_script(f"{base}/state", f"/hosted/{payment.token}/result")
    return payment_page(payment, texts["wait_title"], body, script=script)


def app_page(payments, lang):
    texts = TEXTS[lang]
    rows = "".join(
        f'<li><a class="row-link" data-order="{escape(one.order_id)}"'
        f' href="/garantipay/{one.token}?lang={lang}">{escape(one.terminal.merchant)}'
        f"<strong>{_money(one, one.amount_kurus, lang)}</strong></a></li>"
        for one in payments
    )
    listed = f'<ul class="cards">{rows}</ul>' if rows else f"<p>{texts['nothing']}</p>"
    body = f'<section class="panel"><h1>{texts["app_title"]}</h1>{listed}</section>'
    return page(lang, texts["app_title"], body, bank=APP_NAME)


def confirm_page(payment, lang):
    """Choose a card and, where the merchant offers several, the installments."""
    texts = TEXTS[lang]
    cards = "".join(
        f'<option value="{card.number}">{escape(card.title(lang))}</option>'
        for card in CARDS
    )
    offers = "".join(
        f'<label class="choice"><input type="radio" name="installments" value="{count}"'
        f"{' checked' if number == 0 else ''} required>"
        f" {_plan(texts, count)}: {_money(payment, kurus, lang)}</label>"
        for number, (count, kurus) in enumerate(payment.offers.items())
    )
    base = f"/garantipay/{payment.token}"
    rows = [row for row in summary(payment, lang) if row[2] != "total"][:2]
    body = f"""<section class="panel"><h1>{texts["confirm_title"]}</h1>{facts(rows)}
<form method="post" action="{base}/approve?lang={lang}">{offers}
<div class="field"><label for="card">{texts["card"]}</label>
<select id="card" name="card">{cards}</select></div>
<button id="approve">{texts["approve"]}</button></form>
<form method="post" action="{base}/refuse?lang={lang}">
<button id="refuse" class="plain">{texts["refuse"]}</button></form></section>"""
    return page(lang, texts["confirm_title"], body, bank=APP_NAME)


def done_page(payment, lang):
    texts = TEXTS[lang]
    body = f"""<section class="panel" role="status">
<h1>{texts[_verdict(payment)]}</h1>{facts(summary(payment, lang))}
<p><a href="/garantipay?lang={lang}">{texts["back"]}</a></p></section>"""
    return page(lang, texts["app_title"], body, bank=APP_NAME)


def _verdict(payment):
    if payment.approved:
        return "approved"
    if payment.result == CANCELLED:
        return "refused"
    return "declined" if payment.card else "late"


def _plan(texts, count):
    return texts["count"].format(count=count) if count else texts["single"]


def _money(payment, kurus, lang):
    return escape(format_for_reader(kurus, payment.currency, lang))
