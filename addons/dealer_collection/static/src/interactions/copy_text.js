import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Puts a reference or an account number on the clipboard. */
export class DealerCopyText extends Interaction {
    static selector = ".o_dealer_copy_text";
    dynamicContent = { _root: { "t-on-click": this.copy } };

    async copy() {
        try {
            await this.waitFor(browser.navigator.clipboard.writeText(this.el.dataset.text));
        } catch {
            return; // It stands on the page: it can be marked and copied.
        }
        this.el.textContent = _t("Copied");
    }
}

registry.category("public.interactions").add("dealer_collection.copy_text", DealerCopyText);
