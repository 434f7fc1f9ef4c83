import { registry } from "@web/core/registry";
import { debounce } from "@web/core/utils/timing";
import { Interaction } from "@web/public/interaction";

const CHANGED = "dealer_collection/changed";
const PAUSE = 300;  // ms: several payments at once are one reload

/** Shows what has changed without a reload: the page is asked for again as a whole. */
export class DealerLive extends Interaction {
    static selector = ".o_dealer_live";

    setup() {
        this.refreshSoon = debounce(() => this.refresh(), PAUSE);
        const bus = this.services.bus_service;
        bus.subscribe(CHANGED, this.refreshSoon);
        bus.start();
        this.registerCleanup(() => {
            bus.unsubscribe(CHANGED, this.refreshSoon);
            this.refreshSoon.cancel();
        });
    }

    async refresh() {
        const answer = await this.waitFor(fetch(window.location.href));
        if (!answer.ok) {
            return;  // the session may have ended: the next click says so
        }
        const page = new DOMParser().parseFromString(
            await this.waitFor(answer.text()),
            "text/html"
        );
        const fresh = page.querySelector(".o_dealer_live");
        if (fresh) {
            this.el.replaceChildren(...fresh.childNodes);
        }
    }
}

registry.category("public.interactions").add("dealer_collection.live", DealerLive);
