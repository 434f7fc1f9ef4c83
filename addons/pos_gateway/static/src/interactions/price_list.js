/** The ways to pay, as elements of the payer's page. Texts come from the server. */
import { _t } from "@web/core/l10n/translation";

function element(tag, className, ...content) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...content);
    return made;
}

/** What is paid each month; the first part, where the total does not divide evenly. */
function monthly({ installment_count: count, monthly_text: amount, first_text: first }) {
    if (count === 1) {
        return [];
    }
    const each = _t("%(count)s × %(amount)s", { count, amount });
    const parts = [element("span", "o_pos_gateway_monthly d-block text-nowrap", each)];
    if (first) {
        const text = _t("the first %s", first);
        parts.push(element("span", "d-block text-muted small text-nowrap", text));
    }
    return parts;
}

function name({ label, is_best: isBest }) {
    return isBest
        ? [label, " ", element("span", "badge text-bg-success", _t("Best price"))]
        : [label];
}

function surcharge(way) {
    return way.surcharge_text ? _t("incl. %s surcharge", way.surcharge_text) : _t("no surcharge");
}

/**
 * One way to pay, to be chosen: what is paid each month stands out.
 *
 * Each list is a group of its own: a page may show one for the card and one for the wallet.
 */
export function wayOption(way, isChosen, list = "") {
    const radio = element("input", "form-check-input flex-shrink-0 mt-0");
    Object.assign(radio, {
        type: "radio",
        name: `o_pos_gateway_installments${list}`,
        value: String(way.installment_count),
        checked: isChosen,
    });
    radio.dataset.total = String(way.total);
    const label = element("span", "d-block fw-bold", ...name(way));
    const left = element("span", "flex-grow-1", label, ...monthly(way));
    const right = element(
        "span",
        "text-end",
        element("span", "d-block fs-5 fw-bold text-nowrap", way.total_text),
        element("span", "d-block text-muted small text-nowrap", surcharge(way))
    );
    return element(
        "label",
        "list-group-item d-flex align-items-center gap-3 py-3",
        radio,
        left,
        right
    );
}

/** The ways to pay with cards of one program, to be read. */
export function programTable({ program, ways }) {
    const rows = ways.map((way) => {
        const head = element("th", "fw-normal", ...name(way));
        head.scope = "row";
        return element(
            "tr",
            way.is_best ? "table-success" : "",
            head,
            element("td", "text-end", ...monthly(way)),
            element("td", "text-end text-nowrap", way.total_text)
        );
    });
    const heads = ["", _t("Monthly"), _t("Total")].map((text) => {
        const head = element("th", text ? "text-end" : "", text);
        head.scope = "col";
        return head;
    });
    return element(
        "table",
        "table table-sm mb-3",
        element("caption", "caption-top fw-bold text-body", program),
        element("thead", "", element("tr", "", ...heads)),
        element("tbody", "", ...rows)
    );
}
