"""The browser's form to the 3-D page, and the return message."""

from ..family import FormRefused
from ..hosted import resume
from ..orders import Message
from ..pages import refused_page
from .packets import BANK, MERCHANT, REQUEST_1, REQUEST_2, BadPacket
from .registration import PAGE

MAX_URL = 255
REQUIRED = (
    "mid",
    "posnetID",
    "posnetData",
    "posnetData2",
    "digest",
    "merchantReturnURL",
)


def show_page(bank, family, request):
    """Answer the browser's form with the page that is due, or the reason why not."""
    fields = dict(request.form)
    try:
        payment = open_payment(bank, family, fields, request.remote_addr, PAGE)
    except FormRefused as refused:
        return refused_page(refused, fields.get("lang", ""))
    return resume(bank, payment)


def open_payment(bank, family, fields, client_ip, path):
    """Return the registered payment; the journal has the form either way."""
    about = {"terminal": "", "order": ""}
    try:
        payment = _registered(family, fields)
        about = {"terminal": payment.terminal.client_id, "order": payment.order_id}
        _check_form(payment, fields)
    except FormRefused as refused:
        code = f"{refused.code} {refused.text}"
        bank.journal.write(path, "3d_form", "refused", code=code, **about)
        raise
    bank.journal.write(path, "3d_form", "accepted", **about)
    payment.fields = fields
    payment.client_ip = client_ip
    payment.lang = "en" if fields.get("lang") == "en" else "tr"
    return payment


def _registered(family, fields):
    missing = [name for name in REQUIRED if not fields.get(name)]
    if missing:
        raise FormRefused("0150", f"{missing[0]} is missing")
    try:
        return family.payment_of_pair(
            (REQUEST_1, REQUEST_2),
            (fields["posnetData"], fields["posnetData2"]),
            fields["digest"],
        )
    except BadPacket:
        raise FormRefused("0150", "the packets are not genuine") from None


def _check_form(payment, fields):
    extra = payment.terminal.extra
    if fields["mid"] != extra["merchant_no"]:
        raise FormRefused("0148", "mid is not that of the packets")
    if fields["posnetID"] != extra["posnet_id"]:
        raise FormRefused("0147", "posnetID is not that of the packets")
    url = fields["merchantReturnURL"]
    if len(url) > MAX_URL or not url.startswith(("http://", "https://")):
        raise FormRefused("0150", "merchantReturnURL is no web address of up to 255")


def word_messages(bank, family, order, payment):
    """Return the browser's message: packets, and facts that nothing protects."""
    packets = {
        "MerchantPacket": family.sealer.seal(
            MERCHANT, payment.token, bank.token(order)
        ),
        "BankPacket": family.sealer.seal(BANK, payment.token, bank.token(order)),
    }
    fields = {
        **packets,
        "CCPrefix": payment.card.number[:6] if payment.card else "",
        "TranType": "Auth" if payment.preauth else "Sale",
        "Amount": str(payment.amount_kurus),
        "Xid": payment.order_id,
        "MerchantId": payment.terminal.extra["merchant_no"],
    }
    return Message(payment.fields["merchantReturnURL"], sign_return(family, fields))


def sign_return(family, fields):
    sign = family.sealer.sign(
        fields.get("MerchantPacket", ""), fields.get("BankPacket", "")
    )
    return {**fields, "Sign": sign}
