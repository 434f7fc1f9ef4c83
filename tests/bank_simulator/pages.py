"""The bank's pages as HTML. Plain markup, one style sheet, no outside resources."""

from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from werkzeug.wrappers import Response

from .cards import CARDS
from .money import format_for_reader
from .payments import AUTHENTICATED, CODE_ATTEMPTS, ONE_TIME_CODE
from .texts import texts_for

CSS = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
EXPIRY_YEARS = 12

_LAYOUT = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - {bank}</title><style>{css}</style></head>
<body><div class="notice" role="note">{notice}</div>
<header><div><svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
<path fill="#fff" d="M13 2 2 8v3h22V8zM4 13h3v7H4zM11.5 13h3v7h-3zM19 13h3v7h-3zM2
22h22v2H2z"/></svg>{bank}</div></header>
<main class="{shape}">{body}</main>{script}</body></html>"""

_FILL_SCRIPT = """<script>
document.querySelectorAll("[data-number]").forEach(function (button) {
  button.addEventListener("click", function () {
    var form = document.getElementById("card-form").elements;
    form.number.value = button.dataset.number.replace(/(.{4})(?=.)/g, "$1 ");
    form.code.value = button.dataset.code;
    form.month.value = "12";
    form.year.selectedIndex = 3;
    if (!form.holder.value) { form.holder.value = "DENEME KART"; }
    document.getElementById("pay").focus();
  });
});
</script>"""

# The repeat posts the same message from the payer's browser before the visible one.
_SEND_SCRIPT = """<script>
var form = document.getElementById("result");
async function send() {
  for (var n = 1; n < Number(form.dataset.deliveries); n++) {
    var fields = new URLSearchParams(new FormData(form));
    var post = form.method === "post";
    await fetch(post ? form.action : form.action.split("?")[0] + "?" + fields,
      {method: form.method, mode: "no-cors", credentials: "include",
       body: post ? fields : undefined}).catch(function () {});
  }
  form.submit();
}
setTimeout(send, Number(form.dataset.delay) * 1000);
</script>"""

_WAIT_SCRIPT = """<script>
setInterval(async function () {
  var answer = await (await fetch("%s")).json();
  if (answer.released) { location.replace("%s"); }
}, 500);
</script>"""


def page(lang, title, body, *, bank="", shape="narrow", script=""):
    texts = texts_for(lang)
    html = _LAYOUT.format(
        lang="en" if lang == "en" else "tr",
        title=escape(title),
        bank=escape(bank or ("Demo Bank" if lang == "en" else "Deneme Bankası")),
        css=CSS,
        notice=escape(texts["notice"]),
        shape=shape,
        body=body,
        script=script,
    )
    return Response(html, content_type="text/html; charset=utf-8")


def payment_page(payment, title, body, **more):
    bank = payment.terminal.bank_name(payment.lang)
    return page(payment.lang, title, body, bank=bank, **more)


def facts(rows):
    cells = "".join(
        f'<dt>{escape(name)}</dt><dd class="{css}">{escape(value)}</dd>'
        for name, value, css in rows
    )
    return f"<dl>{cells}</dl>"


def summary(payment, lang=""):
    """:return: rows of name, value and CSS class: what is paid to whom"""
    lang = lang or payment.lang
    texts = texts_for(lang)
    count = payment.installments
    plan = texts["installment_count"].format(count=count) if count else ""
    rows = [
        (texts["merchant"], payment.terminal.merchant, ""),
        (texts["order"], payment.order_id, ""),
        (texts["installments"], plan or texts["single_payment"], ""),
        (texts["amount"], _amount(payment, lang), "total"),
    ]
    if payment.preauth:
        rows.insert(2, (texts["type"], texts["preauth"], ""))
    return rows


def _amount(payment, lang=""):
    kurus = payment.shown_kurus
    return format_for_reader(kurus, payment.currency, lang or payment.lang)


def wait_script(state, result):
    """:return: the script that goes on to ``result`` once ``state`` says so"""
    return _WAIT_SCRIPT % (state, result)


def _cancel_form(payment):
    label = escape(texts_for(payment.lang)["cancel"])
    return (
        f'<form method="post" action="/hosted/{payment.token}/cancel">'
        f'<button class="plain">{label}</button></form>'
    )


def _options(values, chosen):
    return "".join(
        f"<option{' selected' if value == chosen else ''}>{value}</option>"
        for value in values
    )


def card_form_page(payment, year, error="", given=None):
    """The hosted card page.

    :param year: the current year, first in the list of expiry years
    :param given: what to keep in the form after an error; never the security code
    """
    texts, given = texts_for(payment.lang), given or {}
    months = [""] + [f"{month:02d}" for month in range(1, 13)]
    years = [""] + [str(year + n) for n in range(EXPIRY_YEARS)]
    alert = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    t = {name: escape(text) for name, text in texts.items()}
    form = f"""<section class="panel"><h1>{t["pay_title"]}</h1>
{facts(summary(payment))}{alert}
<form id="card-form" method="post" action="/hosted/{payment.token}/card">
<div class="field"><label for="holder">{t["holder"]}</label>
<input id="holder" name="holder" autocomplete="cc-name" maxlength="60" required
 value="{escape(given.get("holder", ""))}"></div>
<div class="field"><label for="number">{t["number"]}</label>
<input id="number" name="number" class="number" inputmode="numeric" maxlength="23"
 autocomplete="cc-number" required value="{escape(given.get("number", ""))}"></div>
<div class="row"><div class="field"><label for="month">{t["month"]}</label>
<select id="month" name="month" autocomplete="cc-exp-month" required>
{_options(months, given.get("month"))}</select></div>
<div class="field"><label for="year">{t["year"]}</label>
<select id="year" name="year" autocomplete="cc-exp-year" required>
{_options(years, given.get("year"))}</select></div>
<div class="field"><label for="code">{t["code"]}</label>
<input id="code" name="code" class="number" inputmode="numeric" maxlength="3"
 pattern="[0-9]{{3}}" autocomplete="cc-csc" required></div></div>
<button id="pay">{escape(texts["pay"].format(amount=_amount(payment)))}</button>
</form>{_cancel_form(payment)}</section>"""
    return payment_page(
        payment,
        texts["pay_title"],
        form + _card_list(payment.lang),
        shape="wide",
        script=_FILL_SCRIPT,
    )


def _card_list(lang):
    texts = texts_for(lang)
    rows = "".join(
        f'<li><button type="button" data-number="{card.number}"'
        f' data-code="{card.security_code or "000"}">{escape(card.title(lang))}'
        f'<small class="number">{_grouped(card.number)}</small></button></li>'
        for card in CARDS
    )
    return (
        f'<aside class="panel"><h2>{escape(texts["cards"])}</h2>'
        f'<p class="hint">{escape(texts["cards_hint"])}</p>'
        f'<ul class="cards">{rows}</ul></aside>'
    )


def _grouped(number):
    return " ".join(number[n : n + 4] for n in range(0, len(number), 4))


def code_page(payment):
    """The 3-D page, with the number of attempts left after a wrong code."""
    texts = texts_for(payment.lang)
    t = {name: escape(text) for name, text in texts.items()}
    alert = ""
    if payment.wrong_codes:
        left = CODE_ATTEMPTS - payment.wrong_codes
        text = escape(texts["otp_wrong"].format(left=left))
        alert = f'<p class="error" role="alert">{text}</p>'
    rows = [
        (texts["merchant"], payment.terminal.merchant, ""),
        (texts["card"], payment.card.masked, "number"),
        (texts["amount"], _amount(payment), "total"),
    ]
    body = f"""<section class="panel"><h1>{t["otp_title"]}</h1>{facts(rows)}
<p>{t["otp_text"]}</p>
<p class="info">{escape(texts["otp_notice"].format(code=ONE_TIME_CODE))}</p>{alert}
<form method="post" action="/hosted/{payment.token}/code"><div class="field">
<label for="otp">{t["otp"]}</label><input id="otp" name="otp" class="otp"
 inputmode="numeric" maxlength="6" autocomplete="one-time-code" required autofocus>
</div><button id="confirm">{t["confirm"]}</button></form>{_cancel_form(payment)}
</section>"""
    return payment_page(payment, texts["otp_title"], body)


def result_page(payment, message):
    """The page that posts the signed result back to the merchant by itself."""
    texts = texts_for(payment.lang)
    verdict = escape(texts[_verdict(payment)])
    delay = payment.family.result_delay_seconds(payment)
    form = _result_form(message, delay, payment.deliveries, texts)
    body = f"""<section class="panel"><h1>{escape(texts["result_title"])}</h1>
<p>{verdict}</p>{facts(summary(payment))}
{form}</section>"""
    return payment_page(payment, texts["result_title"], body, script=_SEND_SCRIPT)


def _verdict(payment):
    """Return the name of the text that tells the payer what came of it."""
    if payment.approved:
        return "approved"
    return "card_checked" if payment.result == AUTHENTICATED else "not_approved"


def wait_page(payment):
    """The page of a payment whose result is held back."""
    texts = texts_for(payment.lang)
    base = f"/hosted/{payment.token}"
    body = f"""<section class="panel" role="status"><h1>{escape(texts["wait_title"])}
</h1><p>{escape(texts["wait_text"])}</p>{facts(summary(payment))}</section>"""
    script = wait_script(f"{base}/state", f"{base}/result")
    return payment_page(payment, texts["wait_title"], body, script=script)


def _result_form(message, delay, deliveries, texts):
    """The form that posts a message to the merchant."""
    pairs = [*message.fields.items()]
    if message.method == "GET":
        # A browser replaces the query of a GET form's address by the form's fields.
        pairs = parse_qsl(urlsplit(message.target).query) + pairs
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in pairs
    )
    method = message.method.lower()
    return f"""<form id="result" method="{method}" action="{escape(message.target)}"
 data-delay="{delay}" data-deliveries="{deliveries}">{hidden}
<p class="hint">{escape(texts["result_text"])}</p>
<button>{escape(texts["continue"])}</button></form>"""


def returned_page(refused, lang):
    """The page of a refused form which tells the merchant so by itself."""
    texts = texts_for(lang)
    rows = [
        (texts["error_code"], refused.code, "total"),
        (texts["reason"], refused.text, ""),
    ]
    body = f"""<section class="panel"><h1>{escape(texts["refused_title"])}</h1>
<p class="error">{escape(texts["refused_text"])}</p>{facts(rows)}
{_result_form(refused.returned, 1, 1, texts)}</section>"""
    return page(lang, texts["refused_title"], body, script=_SEND_SCRIPT)


def refused_page(refused, lang):
    """The page of a form that the bank does not accept; HTTP 200, as banks do."""
    texts = texts_for(lang)
    rows = [
        (texts["error_code"], refused.code, "total"),
        (texts["reason"], refused.text, ""),
    ]
    body = f"""<section class="panel"><h1>{escape(texts["refused_title"])}</h1>
<p class="error">{escape(texts["refused_text"])}</p>{facts(rows)}</section>"""
    return page(lang, texts["refused_title"], body)


def gone_page(lang="tr"):
    texts = texts_for(lang)
    body = f"""<section class="panel"><h1>{escape(texts["gone_title"])}</h1>
<p>{escape(texts["gone_text"])}</p></section>"""
    response = page(lang, texts["gone_title"], body)
    response.status_code = 404
    return response
