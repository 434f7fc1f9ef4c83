import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const QUICK_POLLS = 15;
const QUICK_DELAY = 2000;
const SLOW_DELAY = 10000;

/** Asks the server how the payment stands, and shows the page anew when that changes. */
export class DealerCollectionWait extends Interaction {
    static selector = ".o_dealer_collection_wait";

    setup() {
        this.pollCount = 0;
    }

    start() {
        this.pollLater();
    }

    pollLater() {
        const delay = this.pollCount++ < QUICK_POLLS ? QUICK_DELAY : SLOW_DELAY;
        this.waitForTimeout(() => this.poll(), delay);
    }

    async poll() {
        const { collectionId, token, state, attemptState } = this.el.dataset;
        let status;
        try {
            status = await this.waitFor(
                rpc(
                    `/my/dealer/collection/${parseInt(collectionId)}/status`,
                    token ? { access_token: token } : {},
                    { silent: true }
                )
            );
        } catch (error) {
            this.pollLater();
            if (error instanceof ConnectionLostError) {
                return;
            }
            throw error;
        }
        const isBookedNow = state === "paid" && status.is_booked;
        const isNews = status.state !== state || status.attempt_state !== attemptState;
        if (isBookedNow || isNews) {
            window.location.reload();
        } else {
            this.pollLater();
        }
    }
}

registry
    .category("public.interactions")
    .add("dealer_collection.collection_wait", DealerCollectionWait);
