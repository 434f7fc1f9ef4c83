import { _t } from "@web/core/l10n/translation";
import { x2ManyCommands } from "@web/core/orm_service";
import { CellError } from "./cell_text";

/** The column that holds for every program without one of its own. */
export const EVERY_PROGRAM = 0;
export const MOST_INSTALLMENTS = 36;
const USUAL_COUNTS = Array.from({ length: 12 }, (_, index) => index + 1);

/** Kinds of cards that can be chosen above the table; "" is every kind. */
export function kindNames() {
    return [
        ["", _t("Every card")],
        ["credit", _t("Consumer credit")],
        ["commercial", _t("Commercial credit")],
        ["debit", _t("Debit")],
        ["prepaid", _t("Prepaid")],
    ];
}

export function bearerNames() {
    return [
        ["", _t("As the offer says")],
        ["payer", _t("Payer")],
        ["company", _t("Company")],
        ["shared", _t("Shared")],
        ["dealer", _t("Dealer")],
    ];
}

function keyOf(program, kind, count) {
    return `${program}/${kind}/${count}`;
}

/**
 * The lines of an offer as a table: rows are numbers of installments, columns programs.
 * Rows and columns without a line are kept only here, until something is typed in them.
 */
export class OfferTable {
    /** @param {{counts: number[], programs: {id: number, name: string}[]}} added */
    constructor(records, added) {
        this.lines = new Map();
        const counts = new Set(added.counts);
        const programs = new Map([[EVERY_PROGRAM, _t("Every program")]]);
        const named = [];
        for (const record of records) {
            const { program_id: program, kind, installment_count: count } = record.data;
            this.lines.set(keyOf(program?.id || EVERY_PROGRAM, kind || "", count), record);
            counts.add(count);
            if (program) {
                named.push({ id: program.id, name: program.display_name });
            }
        }
        named.sort((a, b) => a.name.localeCompare(b.name));
        for (const { id, name } of [...named, ...added.programs]) {
            programs.set(id, name);
        }
        this.counts = [...counts].sort((a, b) => a - b);
        this.columns = [...programs].map(([id, name]) => ({ id, name }));
    }

    line(program, kind, count) {
        return this.lines.get(keyOf(program, kind, count));
    }

    /** The line that holds for a cell that is empty: as the price engine looks for it. */
    inherited(program, kind, count) {
        const wider = [
            [program, ""],
            [EVERY_PROGRAM, kind],
            [EVERY_PROGRAM, ""],
        ];
        for (const [otherProgram, otherKind] of wider) {
            const isItself = otherProgram === program && otherKind === kind;
            const line = !isItself && this.line(otherProgram, otherKind, count);
            if (line) {
                return line;
            }
        }
    }

    /** @returns {Array} the commands that make a cell say what was typed */
    commands(key, value) {
        const [programId, kind, count] = key.split("/");
        const program = Number(programId);
        const line = this.line(program, kind, Number(count));
        if (!value) {
            return line ? [x2ManyCommands.delete(idOf(line))] : [];
        }
        const { percent = line?.data.surcharge_percent ?? 0 } = value;
        const { extra = line?.data.extra_installments ?? 0 } = value;
        const terms = { surcharge_percent: percent, extra_installments: extra };
        if (line) {
            const isSame = Object.keys(terms).every((name) => terms[name] === line.data[name]);
            return isSame ? [] : [x2ManyCommands.update(idOf(line), terms)];
        }
        const column = this.columns.find(({ id }) => id === program);
        return [
            x2ManyCommands.create(false, {
                installment_count: Number(count),
                program_id: program !== EVERY_PROGRAM && {
                    id: program,
                    display_name: column.name,
                },
                kind: kind || false,
                minimum_amount: 0,
                bearer: false,
                ...terms,
            }),
        ];
    }

    /** @returns {Array} the commands of the whole block, or a CellError for all of it */
    blockCommands(block, kind, top, left, parse) {
        const { counts, columns } = this;
        const width = Math.max(...block.map((cells) => cells.length));
        if (block.length > counts.length - top || width > columns.length - left) {
            throw new CellError(
                _t(
                    "The block has %(rows)s rows and %(columns)s columns; from this cell on" +
                        " the table has %(freeRows)s and %(freeColumns)s. Add rows or columns first.",
                    {
                        rows: block.length,
                        columns: width,
                        freeRows: counts.length - top,
                        freeColumns: columns.length - left,
                    }
                )
            );
        }
        return block.flatMap((cells, row) =>
            cells.flatMap((text, index) => {
                const key = `${columns[left + index].id}/${kind}/${counts[top + row]}`;
                return this.commands(key, parseAt(parse, text, row + 1, index + 1));
            })
        );
    }

    /** @returns {Set<string>} the kinds that some line is for */
    get kinds() {
        return new Set([...this.lines.values()].map((line) => line.data.kind || ""));
    }
}

/** @returns {number[]} the rows that an offer without lines starts with */
export function usualCounts() {
    return [...USUAL_COUNTS];
}

function parseAt(parse, text, row, column) {
    try {
        return parse(text);
    } catch (error) {
        if (error instanceof CellError) {
            throw new CellError(
                _t("Row %(row)s, column %(column)s of the block: %(reason)s", {
                    row,
                    column,
                    reason: error.message,
                })
            );
        }
        throw error;
    }
}

/** @returns {number|string} what commands call a line by */
export function idOf(line) {
    return line.resId || line._virtualId;
}
