import { PaymentForm } from "@payment/interactions/payment_form";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const PROVIDER_CODE = "pos_gateway";

patch(PaymentForm.prototype, {
    /** Hold the payer back until the first digits are typed and a way to pay is chosen. */
    async _initiatePaymentFlow(providerCode, paymentOptionId, paymentMethodCode, flow) {
        if (providerCode === PROVIDER_CODE) {
            const { prefix, chosen, element } = this._readGatewayChoice();
            if (!chosen || prefix.length !== 8) {
                const box = element.querySelector(".o_pos_gateway_error");
                box.textContent = _t("Type the first 8 digits of the card.");
                box.classList.remove("d-none");
                element.querySelector(".o_pos_gateway_prefix").focus();
                this._enableButton();
                return;
            }
        }
        return super._initiatePaymentFlow(...arguments);
    },

    _prepareTransactionRouteParams() {
        const params = super._prepareTransactionRouteParams();
        if (this.paymentContext.providerCode === PROVIDER_CODE) {
            const { prefix, chosen } = this._readGatewayChoice();
            Object.assign(params, {
                gateway_card_prefix: prefix,
                gateway_installment_count: Number(chosen.value),
                gateway_shown_total: Number(chosen.dataset.total),
            });
        }
        return params;
    },

    _readGatewayChoice() {
        const radio = this.el.querySelector('input[name="o_payment_radio"]:checked');
        const element = this._getInlineForm(radio).querySelector(".o_pos_gateway_form");
        return {
            element,
            prefix: element.querySelector(".o_pos_gateway_prefix").value.replace(/\D/g, ""),
            chosen: element.querySelector('[name="o_pos_gateway_installments"]:checked'),
        };
    },
});
