import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const PERCENT = /^(\d{1,2}(?:[.,]\d{0,4})?|[.,]\d{1,4})(?:\+(\d{1,2}))?$/;
const NOT_OFFERED = new Set(["", "-", "–", "—"]);
const MOST_EXTRA = 36;

/** A text that is no cell of the table; the message says why. */
export class CellError extends Error {}

/**
 * Read what was typed or pasted into a cell: "2,45", "%2,45", "2.45 %", "2,45 +2".
 *
 * @param {string} text
 * @returns {null|{percent: number, extra: (number|undefined)}} null: not offered;
 *     extra: the campaign's installments, if they were typed
 */
export function parseCell(text) {
    const bare = text.replace(/[\s%]/g, "");
    if (NOT_OFFERED.has(bare)) {
        return null;
    }
    const match = PERCENT.exec(bare);
    if (!match) {
        throw new CellError(
            _t(
                "“%s” is no percentage from 0 to below 100 with at most four decimals.",
                text.trim()
            )
        );
    }
    const extra = match[2] === undefined ? undefined : Number(match[2]);
    if (extra > MOST_EXTRA) {
        throw new CellError(_t("A campaign adds between 0 and 36 installments."));
    }
    return { percent: Number(match[1].replace(",", ".")), extra };
}

/** In a table without rates any text says "offered". */
export function parseTick(text) {
    return NOT_OFFERED.has(text.trim()) ? null : {};
}

/** @returns {string} with as many decimals as are needed */
export function formatPercent(value) {
    return formatFloat(value, { digits: [7, 4], trailingZeros: false, thousandsSep: "" });
}

/**
 * Split what a spreadsheet puts on the clipboard.
 *
 * @param {string} text
 * @returns {string[][]} rows of cells
 */
export function splitBlock(text) {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    return lines.map((line) => line.split("\t"));
}
