"""A dealer on the portal, without a browser: the same requests that its pages make."""

import re

import requests

APPROVED_CARD = "4543600100000002"


class DealerClient:
    """:param url: of the Odoo server; the session stays logged in"""

    def __init__(self, url: str, login: str, password: str):
        self.url = url
        self.session = requests.Session()
        page = self.get("/web/login").text
        answer = self.post(
            "/web/login",
            {"login": login, "password": password, "csrf_token": csrf_token(page)},
        )
        assert "/my" in answer.headers.get("Location", ""), "the dealer cannot log in"

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=60)

    def post(self, path: str, values, **keywords) -> requests.Response:
        return self.session.post(
            self.url + path, data=values, timeout=60, allow_redirects=False, **keywords
        )

    def rpc(self, path: str, **params):
        """:raise RuntimeError: with the message that the page would show"""
        answer = self.session.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=60,
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    def open_collection(self, invoice_ids, amount: str = "") -> int:
        """Choose invoices on the page of open items. :return: id of the collection"""
        page = self.get("/my/dealer/open-items").text
        values = [("csrf_token", csrf_token(page)), ("amount", amount)]
        values += [("invoice_id", str(invoice_id)) for invoice_id in invoice_ids]
        answer = self.post("/my/dealer/collections/new", values)
        assert answer.status_code == 303, error_text(answer.text)
        return int(re.search(r"/collections/(\d+)", answer.headers["Location"])[1])

    def start_payment(self, collection_id: int, count: int = 1, **changes) -> dict:
        """:return: the fields of the form that the browser would take to the bank"""
        return hidden_fields(self.redirect_form(collection_id, count, **changes))

    def redirect_form(self, collection_id: int, count: int = 1, **changes) -> str:
        """Type the digits, choose the installments, press pay.

        :return: the form that takes the payer to the bank, or to our page before it
        """
        page = self.get(f"/my/dealer/collections/{collection_id}").text
        form = payment_form(page)
        prefix = changes.pop("gateway_card_prefix", APPROVED_CARD[:8])
        offers = self.price_list(form, prefix[:8])
        return self._send_choice(
            form, offers, count, gateway_card_prefix=prefix, **changes
        )

    def wallet_form(self, collection_id: int, count: int = 1, **changes) -> str:
        """Choose GarantiPay instead: no card, no digits.

        :return: the form that takes the payer to the bank
        """
        page = self.get(f"/my/dealer/collections/{collection_id}").text
        form = payment_form(page, "garanti_pay")
        offers = self._prices(form, "wallet_offers", wallet="garanti_pay")
        return self._send_choice(form, offers, count, **changes)

    def _send_choice(self, form, offers, count, **changes) -> str:
        offer = next(way for way in offers["ways"] if way["installment_count"] == count)
        values = self.rpc(
            form["route"],
            **{
                "provider_id": form["provider_id"],
                "payment_method_id": form["method_id"],
                "token_id": None,
                "amount": form["amount"],
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": form["landing_route"],
                "is_validation": False,
                "access_token": form["access_token"],
                "gateway_installment_count": count,
                "gateway_shown_total": offer["total"],
                **changes,
            },
        )
        return values["redirect_form_html"]

    def price_list(self, form: dict, card_prefix: str) -> dict:
        """:return: what the page shows for a card that begins so"""
        return self._prices(form, "offers", card_prefix=card_prefix)

    def _prices(self, form: dict, route: str, **question) -> dict:
        names = (
            "provider_id", "amount", "currency_id", "partner_id", "document", "key"
        )  # fmt: skip
        question |= {name: form[name] for name in names}
        return self.rpc(f"/payment/pos_gateway/{route}", **question)


def csrf_token(page: str) -> str:
    match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return (match or re.search(r'csrf_token: "([^"]+)"', page))[1]


def error_text(page: str) -> str:
    match = re.search(r'role="alert"[^>]*>(.*?)</div>', page, re.DOTALL)
    return re.sub(r"\s+", " ", match[1]).strip() if match else page[:500]


def payment_form(page: str, method: str = "card") -> dict:
    from lxml import html

    tree = html.fromstring(page)
    (form,) = tree.xpath('//form[@id="o_payment_form"]')
    (option,) = form.xpath(
        './/*[@name="o_payment_option"][.//input[@data-provider-code="pos_gateway"]'
        f'[@data-payment-method-code="{method}"]]'
    )
    (radio,) = option.xpath('.//input[@data-provider-code="pos_gateway"]')
    (ours,) = option.xpath('.//div[contains(@class, "o_pos_gateway_form")]')
    return {
        "route": form.get("data-transaction-route"),
        "landing_route": form.get("data-landing-route"),
        "access_token": form.get("data-access-token"),
        "amount": float(form.get("data-amount")),
        "currency_id": int(form.get("data-currency-id")),
        "provider_id": int(radio.get("data-provider-id")),
        "method_id": int(radio.get("data-payment-option-id")),
        "partner_id": int(ours.get("data-partner-id")),
        "document": ours.get("data-document"),
        "key": ours.get("data-key"),
    }


def hidden_fields(form: str) -> dict:
    from lxml import html

    inputs = html.fromstring(form).xpath('//input[@type="hidden"]')
    return {item.get("name"): item.get("value") or "" for item in inputs}
