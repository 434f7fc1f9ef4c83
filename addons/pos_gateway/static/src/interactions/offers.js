import { _t } from "@web/core/l10n/translation";
import { rpc, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { debounce } from "@web/core/utils/timing";
import { Interaction } from "@web/public/interaction";
import { programTable, wayOption } from "./price_list";

const PREFIX_LENGTH = 8;
const TYPING_PAUSE = 150;  // ms

/**
 * Asks for the first digits of the card and shows the ways to pay; those with the bank's
 * wallet at once, as no card is typed for it.
 *
 * Never lets more than eight digits out: a card number that is pasted is cut here, before
 * anything is sent.
 */
export class GatewayOffers extends Interaction {
    static selector = ".o_pos_gateway_form";
    dynamicContent = {
        ".o_pos_gateway_prefix": { "t-on-input": this.onPrefixInput },
        ".o_pos_gateway_list": { "t-on-change": this.onWayChosen },
        ".o_pos_gateway_programs": { "t-on-toggle": this.showPrograms },
        // Odoo's invoice page lets the payer switch between the next due part and all.
        _document: { "t-on-click": this.onDocumentClick },
    };

    setup() {
        this.form = this.el.closest("#o_payment_form");
        this.input = this.el.querySelector(".o_pos_gateway_prefix");
        this.wallet = this.el.dataset.wallet || "";
        this.answers = new Map();
        this.lastRequest = new KeepLast();
        this.showWaysSoon = debounce(() => this.showWays(), TYPING_PAUSE);
        this.registerCleanup(() => this.showWaysSoon.cancel());
    }

    start() {
        if (this.wallet) {
            this.showWays();
        }
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
            this.waitForTimeout(() => {  // the tab is active by then
                if (this.wallet) {
                    this.clearWays();
                    this.showWays();
                    return;
                }
                this.onPrefixInput();
                this.showPrograms();
            }, 0);
        }
    }

    onPrefixInput() {
        const prefix = this.prefix;
        const shown = prefix.length > 4 ? `${prefix.slice(0, 4)} ${prefix.slice(4)}` : prefix;
        if (this.input.value !== shown) {
            this.input.value = shown;
        }
        this.showError("");
        this.clearWays();
        if (prefix.length === PREFIX_LENGTH) {
            this.showWaysSoon();
        }
    }

    async showWays() {
        const prefix = this.wallet ? "" : this.prefix;
        if (!this.wallet && prefix.length < PREFIX_LENGTH) {
            return;
        }
        const question = this.wallet
            ? this.ask("wallet_offers", { wallet: this.wallet })
            : this.ask("offers", { card_prefix: prefix });
        const { ways, note } = await this.answered(this.lastRequest.add(question));
        if (ways && (this.wallet || prefix === this.prefix)) {
            const chosen = ways.find((way) => way.is_best) || ways[0];
            const list = this.el.querySelector(".o_pos_gateway_list");
            const group = this.wallet && `_${this.wallet}`;
            list.replaceChildren(...ways.map((way) => wayOption(way, way === chosen, group)));
            this.toggle(".o_pos_gateway_offers", ways.length);
            this.el.querySelector(".o_pos_gateway_note").textContent = note;
            this.toggle(".o_pos_gateway_note", note);
        }
    }

    async showPrograms() {
        if (this.el.querySelector(".o_pos_gateway_programs").open) {
            const lists = await this.answered(this.ask("programs", {}));
            if (Array.isArray(lists)) {
                const none = document.createElement("p");
                none.textContent = _t("This amount is paid in one payment with every card.");
                this.el
                    .querySelector(".o_pos_gateway_tables")
                    .replaceChildren(...(lists.length ? lists.map(programTable) : [none]));
            }
        }
    }

    /** Ask the server once for each question of this page. */
    ask(name, parameters) {
        const { providerId } = this.el
            .closest('[name="o_payment_option"]')
            .querySelector('[name="o_payment_radio"]').dataset;
        const question = {
            provider_id: Number(providerId),
            amount: this.amount,
            currency_id: Number(this.form.dataset.currencyId),
            partner_id: Number(this.el.dataset.partnerId) || null,
            document: this.el.dataset.document || null,
            key: this.el.dataset.key || null,
            ...parameters,
        };
        const cacheKey = name + JSON.stringify(question);
        if (!this.answers.has(cacheKey)) {
            const answer = rpc(`/payment/pos_gateway/${name}`, question);
            answer.catch(() => this.answers.delete(cacheKey));
            this.answers.set(cacheKey, answer);
        }
        return this.answers.get(cacheKey);
    }

    /** What the server said, or nothing, and its refusal on the page. */
    async answered(question) {
        try {
            return await this.waitFor(question);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.showError(error.data.message);
            return {};
        }
    }

    onWayChosen() {
        this.showError("");
    }

    clearWays() {
        this.el.querySelector(".o_pos_gateway_list").replaceChildren();
        this.toggle(".o_pos_gateway_offers", false);
        this.toggle(".o_pos_gateway_note", false);
    }

    showError(message) {
        this.el.querySelector(".o_pos_gateway_error").textContent = message;
        this.toggle(".o_pos_gateway_error", message);
    }

    toggle(selector, isShown) {
        this.el.querySelector(selector).classList.toggle("d-none", !isShown);
    }
}

registry.category("public.interactions").add("pos_gateway.offers", GatewayOffers);
