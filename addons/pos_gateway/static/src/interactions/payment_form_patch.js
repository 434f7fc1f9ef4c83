import { PaymentForm } from "@payment/interactions/payment_form";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const PROVIDER_CODE = "pos_gateway";

patch(PaymentForm.prototype, {
    /** Hold the payer back until the first digits are typed and a way to pay is chosen. */
    async _initiatePaymentFlow(providerCode, paymentOptionId, paymentMethodCode, flow) {
        if (providerCode === PROVIDER_CODE) {
            const { input, prefix, chosen, element } = this._readGatewayChoice();
            if (!chosen || (input && prefix.length !== 8)) {
                const box = element.querySelector(".o_pos_gateway_error");
                box.textContent = input
                    ? _t("Type the first 8 digits of the card.")
                    : _t("Choose how you would like to pay.");
                box.classList.remove("d-none");
                input?.focus();
                this._enableButton();
                return;
            }
        }
        return super._initiatePaymentFlow(...arguments);
    },

    _prepareTransactionRouteParams() {
        const params = super._prepareTransactionRouteParams();
        if (this.paymentContext.providerCode === PROVIDER_CODE) {
            const { input, prefix, chosen } = this._readGatewayChoice();
            Object.assign(params, {
                gateway_installment_count: Number(chosen.value),
                gateway_shown_total: Number(chosen.dataset.total),
            });
            if (input) {
                params.gateway_card_prefix = prefix;
            }
        }
        return params;
    },

    /** What is typed and chosen; a wallet has no card, and no input for its digits. */
    _readGatewayChoice() {
        const radio = this.el.querySelector('input[name="o_payment_radio"]:checked');
        const element = this._getInlineForm(radio).querySelector(".o_pos_gateway_form");
        const input = element.querySelector(".o_pos_gateway_prefix");
        return {
            element,
            input,
            prefix: input ? input.value.replace(/\D/g, "") : "",
            chosen: element.querySelector(".o_pos_gateway_list input:checked"),
        };
    },
});
