import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { InvalidNumberError, parseFloat, parseInteger } from "@web/views/fields/parsers";
import { bearerNames } from "./table";

const MOST_EXTRA = 36;

/** The terms of one cell beside its rate; they can be set for its row or column at once. */
export class CellDetails extends Component {
    static template = "pos_gateway.OfferCellDetails";
    static props = {
        label: String,
        line: { type: Object, optional: true },
        readonly: Boolean,
        setTerm: Function,
    };

    setup() {
        this.state = useState({ reach: "cell", error: "" });
        this.root = useRef("root");
        useEffect(() => {
            // Not by the template: it would wipe out what is just being typed.
            for (const input of this.root.el.querySelectorAll("input[data-text]")) {
                if (input !== document.activeElement) {
                    input.value = input.dataset.text;
                }
            }
        });
    }

    get data() {
        return this.props.line.data;
    }

    get minimumText() {
        const { minimum_amount: amount } = this.data;
        return amount ? formatFloat(amount, { digits: [16, 2] }) : "";
    }

    get bearers() {
        return bearerNames();
    }

    get reaches() {
        return [
            ["cell", _t("this cell")],
            ["row", _t("the whole row")],
            ["column", _t("the whole column")],
        ];
    }

    set(values) {
        this.state.error = "";
        return this.props.setTerm(this.state.reach, values);
    }

    onExtra(ev) {
        const value = this.read(ev, parseInteger);
        if (value === undefined || value > MOST_EXTRA) {
            this.state.error = _t("A campaign adds between 0 and 36 installments.");
            return;
        }
        return this.set({ extra_installments: value });
    }

    onMinimum(ev) {
        const value = this.read(ev, parseFloat);
        if (value === undefined) {
            this.state.error = _t("The minimum is an amount, zero or more.");
            return;
        }
        return this.set({ minimum_amount: value });
    }

    onBearer(ev) {
        return this.set({ bearer: ev.target.value || false });
    }

    /** @returns {number|undefined} what was typed, if it is a number that makes sense */
    read(ev, parse) {
        try {
            const value = parse(ev.target.value.trim() || "0");
            return value >= 0 ? value : undefined;
        } catch (error) {
            if (error instanceof InvalidNumberError) {
                return undefined;
            }
            throw error;
        }
    }
}
