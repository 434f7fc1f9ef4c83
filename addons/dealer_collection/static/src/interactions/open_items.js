import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * Adds up what is ticked. Without it the form works as well: an empty amount means all
 * that is selected, and the server adds up by itself in any case.
 */
export class DealerOpenItems extends Interaction {
    static selector = ".o_dealer_open_items";
    dynamicContent = {
        "input.o_dealer_box": { "t-on-change": () => this.onSelectionChange() },
        "input[name='amount']": { "t-on-input": () => {} },
        "button[name='choose_all']": { "t-on-click": () => this.choose(() => true) },
        "button[name='choose_overdue']": {
            "t-on-click": () => this.choose((box) => Boolean(box.dataset.overdue)),
        },
        "button[name='choose_none']": { "t-on-click": () => this.choose(() => false) },
        ".o_dealer_choose": { "t-att-class": () => ({ "d-none": false, "d-flex": true }) },
        ".o_dealer_selected": {
            "t-att-class": () => ({ "d-none": false, "d-flex": true }),
        },
        "[name='selected_count']": { "t-out": () => this.chosen.length.toString() },
        "[name='selected_total']": { "t-out": () => this.totalText },
        "button.o_dealer_continue": {
            "t-att-disabled": () => !this.chosen.length && !this.amountEl.value.trim(),
        },
    };

    setup() {
        this.decimals = parseInt(this.el.dataset.decimals);
        this.amountEl = this.el.querySelector("input[name='amount']");
    }

    start() {
        if (!this.amountEl.value) {
            this.fillAmount();
        }
    }

    get boxes() {
        return [...this.el.querySelectorAll("input.o_dealer_box:not(:disabled)")];
    }

    get chosen() {
        return this.boxes.filter((box) => box.checked);
    }

    /** The selected total in whole minor units (kuruş): no float is added up. */
    get total() {
        return this.chosen.reduce((sum, box) => sum + parseInt(box.dataset.minor), 0);
    }

    get totalNumber() {
        return formatFloat(this.total / 10 ** this.decimals, {
            digits: [16, this.decimals],
        });
    }

    get totalText() {
        const { symbol, position } = this.el.dataset;
        return position === "after"
            ? `${this.totalNumber}\u00a0${symbol}`
            : `${symbol}\u00a0${this.totalNumber}`;
    }

    choose(isChosen) {
        for (const box of this.boxes) {
            box.checked = isChosen(box);
        }
        this.fillAmount();
    }

    onSelectionChange() {
        this.fillAmount();
    }

    fillAmount() {
        this.amountEl.value = this.chosen.length ? this.totalNumber : "";
    }
}

registry
    .category("public.interactions")
    .add("dealer_collection.open_items", DealerOpenItems);
