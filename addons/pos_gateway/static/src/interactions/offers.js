import { _t } from "@web/core/l10n/translation";
import { rpc, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { Interaction } from "@web/public/interaction";

const PREFIX_LENGTH = 8;

/**
 * Asks for the first digits of the card and shows the ways to pay.
 *
 * Never lets more than eight digits out: a card number that is pasted is cut here, before
 * anything is sent.
 */
export class GatewayOffers extends Interaction {
    static selector = ".o_pos_gateway_form";
    dynamicContent = {
        ".o_pos_gateway_prefix": { "t-on-input": this.onPrefixInput },
        ".o_pos_gateway_list": { "t-on-change": this.onOfferChosen },
        // Odoo's invoice page lets the payer switch between the next due part and all.
        _document: { "t-on-click": this.onDocumentClick },
    };

    setup() {
        this.form = this.el.closest("#o_payment_form");
        this.input = this.el.querySelector(".o_pos_gateway_prefix");
        this.offersByPrefix = new Map();
        this.lastRequest = new KeepLast();
    }

    get prefix() {
        return this.input.value.replace(/\D/g, "").slice(0, PREFIX_LENGTH);
    }

    /** What will be paid: as `account_payment` decides it when the form is submitted. */
    get amount() {
        const { amount, invoiceNextAmountToPay, invoiceAmountDue } = this.form.dataset;
        const tab = this.form.closest("#pay_with")?.querySelector(".o_btn_payment_tab.active");
        if (!tab) {
            return Number(amount);
        }
        const isNextPart = tab.id === "o_payment_installments_tab";
        return Number(isNextPart ? invoiceNextAmountToPay : invoiceAmountDue);
    }

    onDocumentClick(ev) {
        if (ev.target.closest?.(".o_btn_payment_tab")) {
            this.waitForTimeout(() => this.onPrefixInput(), 0);  // the tab is active by then
        }
    }

    async onPrefixInput() {
        const prefix = this.prefix;
        const shown = prefix.length > 4 ? `${prefix.slice(0, 4)} ${prefix.slice(4)}` : prefix;
        if (this.input.value !== shown) {
            this.input.value = shown;
        }
        this.showError("");
        if (prefix.length < PREFIX_LENGTH) {
            this.clearOffers();
            return;
        }
        try {
            const offers = await this.waitFor(this.lastRequest.add(this.fetchOffers(prefix)));
            this.showOffers(offers);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.showError(error.data.message);
        }
    }

    fetchOffers(prefix) {
        const amount = this.amount;
        const key = `${prefix}/${amount}`;
        if (!this.offersByPrefix.has(key)) {
            const radio = this.el
                .closest('[name="o_payment_option"]')
                .querySelector('[name="o_payment_radio"]');
            const answer = rpc("/payment/pos_gateway/offers", {
                provider_id: Number(radio.dataset.providerId),
                amount,
                currency_id: Number(this.form.dataset.currencyId),
                card_prefix: prefix,
            });
            answer.catch(() => this.offersByPrefix.delete(key));
            this.offersByPrefix.set(key, answer);
        }
        return this.offersByPrefix.get(key);
    }

    showOffers(offers) {
        const list = this.el.querySelector(".o_pos_gateway_list");
        list.replaceChildren(...offers.map((offer, index) => this.renderOffer(offer, index === 0)));
        this.el.querySelector(".o_pos_gateway_offers").classList.remove("d-none");
    }

    renderOffer(offer, checked) {
        const label = document.createElement("label");
        label.className = "list-group-item d-flex align-items-center gap-3 py-3";
        const radio = document.createElement("input");
        Object.assign(radio, {
            type: "radio",
            name: "o_pos_gateway_installments",
            className: "form-check-input flex-shrink-0 mt-0",
            value: String(offer.installment_count),
            checked,
        });
        radio.dataset.total = String(offer.total);
        const left = document.createElement("span");
        left.className = "flex-grow-1";
        left.append(this.line("fw-bold", offer.label));
        if (offer.installment_count > 1) {
            const monthly = offer.first_text
                ? _t("%(count)s × %(amount)s, the first %(first)s", {
                      count: offer.installment_count,
                      amount: offer.monthly_text,
                      first: offer.first_text,
                  })
                : _t("%(count)s × %(amount)s", {
                      count: offer.installment_count,
                      amount: offer.monthly_text,
                  });
            left.append(this.line("text-muted small", monthly));
        }
        const right = document.createElement("span");
        right.className = "text-end";
        right.append(this.line("fs-5 fw-bold text-nowrap", offer.total_text));
        right.append(
            this.line(
                "text-muted small",
                offer.surcharge_text
                    ? _t("incl. %s surcharge", offer.surcharge_text)
                    : _t("no surcharge")
            )
        );
        label.append(radio, left, right);
        return label;
    }

    line(className, text) {
        const line = document.createElement("span");
        line.className = `d-block ${className}`;
        line.textContent = text;
        return line;
    }

    onOfferChosen() {
        this.showError("");
    }

    clearOffers() {
        this.el.querySelector(".o_pos_gateway_list").replaceChildren();
        this.el.querySelector(".o_pos_gateway_offers").classList.add("d-none");
    }

    showError(message) {
        const box = this.el.querySelector(".o_pos_gateway_error");
        box.textContent = message;
        box.classList.toggle("d-none", !message);
    }
}

registry.category("public.interactions").add("pos_gateway.offers", GatewayOffers);
