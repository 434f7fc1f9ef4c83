import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Puts the address of a payment link on the clipboard. */
export class DealerShareLink extends Interaction {
    static selector = ".o_dealer_share";
    dynamicContent = {
        "button[name='copy_address']": { "t-on-click": this.copy },
    };

    async copy(event) {
        const input = this.el.querySelector("#link_address");
        const button = event.currentTarget;
        input.select();
        try {
            await this.waitFor(browser.navigator.clipboard.writeText(input.value));
        } catch {
            return; // It is selected: the keyboard copies it.
        }
        button.textContent = button.dataset.done;
    }
}

registry.category("public.interactions").add("dealer_collection.share_link", DealerShareLink);
