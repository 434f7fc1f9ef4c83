import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { x2ManyCommands } from "@web/core/orm_service";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { CellDetails } from "./cell_details";
import { onMatrixKeydown } from "./cell_keys";
import { CellError, formatPercent, parseCell, parseTick, splitBlock } from "./cell_text";
import {
    bearerNames,
    EVERY_PROGRAM,
    idOf,
    kindNames,
    MOST_INSTALLMENTS,
    OfferTable,
    usualCounts,
} from "./table";

const TICK = "✓";

/**
 * The whole table of an offer, to be typed in like a spreadsheet.
 *
 * What is typed becomes commands of the one2many at once; the form saves or discards
 * them. An empty cell is not offered, or as a wider line says, which is shown in grey.
 */
export class OfferMatrix extends Component {
    static template = "pos_gateway.OfferMatrix";
    static components = { CellDetails };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({ kind: "", newCount: "", programs: [], ...this.nothingAdded() });
        const { bus } = this.props.record.model;
        useBus(bus, "NEED_LOCAL_CHANGES", (ev) => ev.detail.proms.push(this.commitFocused()));
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.commitFocused());
        onWillStart(async () => {
            const model = "pos.gateway.card.program";
            const names = await this.orm.searchRead(model, [], ["display_name"]);
            this.state.programs = names.map(({ id, display_name: name }) => ({ id, name }));
        });
        onWillUpdateProps((next) => {
            if (next.record.id !== this.props.record.id) {
                Object.assign(this.state, this.nothingAdded(next));
            }
        });
        useEffect(() => this.showTexts());
    }

    /** What is only on the screen: rows and columns without lines, texts with a mistake. */
    nothingAdded(props = this.props) {
        const isEmpty = !props.record.data[props.name].records.length;
        return {
            added: { counts: isEmpty ? usualCounts() : [], programs: [] },
            current: null,
            errors: {},
        };
    }

    // --- what is shown ---

    get list() {
        return this.props.record.data[this.props.name];
    }

    get usesRates() {
        return this.props.record.data.uses_rates;
    }

    get table() {
        return new OfferTable(this.list.records, this.state.added);
    }

    kinds(table) {
        const { kinds } = table;
        const single = new Set(["debit", "prepaid"]);
        return kindNames().filter(
            ([kind]) => !single.has(kind) || kinds.has(kind) || kind === this.state.kind
        );
    }

    freePrograms(table) {
        const shown = new Set(table.columns.map(({ id }) => id));
        return this.state.programs.filter(({ id }) => !shown.has(id));
    }

    rows(table) {
        return table.counts.map((count, row) => ({
            count,
            cells: table.columns.map((column, index) => this.cell(table, count, column, row, index)),
        }));
    }

    cell(table, count, column, row, index) {
        const { kind } = this.state;
        const line = table.line(column.id, kind, count);
        const wider = !line && table.inherited(column.id, kind, count);
        const key = `${column.id}/${kind}/${count}`;
        return {
            key,
            row,
            index,
            text: line ? this.lineText(line) : "",
            notes: line ? this.lineNotes(line) : "",
            inherited: wider ? this.lineText(wider) : "",
            label: this.cellLabel(column.name, count),
            error: this.errors[key],
        };
    }

    get errors() {
        return this.props.record.isFieldInvalid(this.props.name) ? this.state.errors : {};
    }

    countLabel(count) {
        return count === 1 ? _t("Single payment") : _t("%s installments", count);
    }

    removeLabel(name) {
        return _t("Remove %s, of every card kind", name);
    }

    cellLabel(program, count) {
        return `${program}, ${this.countLabel(count)}`;
    }

    lineText(line) {
        return this.valueText({ percent: line.data.surcharge_percent });
    }

    valueText(value) {
        return value ? (this.usesRates ? formatPercent(value.percent) : TICK) : "";
    }

    lineNotes({ data }) {
        const notes = [];
        if (data.extra_installments) {
            notes.push(`+${data.extra_installments}`);
        }
        if (data.minimum_amount) {
            notes.push(`≥ ${this.amountText(data.minimum_amount)}`);
        }
        if (data.bearer) {
            notes.push(Object.fromEntries(bearerNames())[data.bearer]);
        }
        return notes.join(" · ");
    }

    amountText(amount) {
        return formatMonetary(amount, { currencyId: this.props.record.data.currency_id?.id });
    }

    /** Put the stored texts where nothing is being typed and nothing is wrong. */
    showTexts() {
        const { errors } = this;
        for (const input of this.inputs()) {
            if (input !== document.activeElement && !errors[input.dataset.key]) {
                input.value = input.dataset.text;
            }
        }
    }

    // --- the cell whose details are shown ---

    get current() {
        const { current } = this.state;
        const table = this.table;
        const column = current && table.columns.find(({ id }) => id === current.program);
        if (!column || !table.counts.includes(current.count)) {
            return null;
        }
        return {
            label: this.cellLabel(column.name, current.count),
            line: table.line(current.program, this.state.kind, current.count),
        };
    }

    /** Set one term of the chosen cell, of its row or of its column. */
    async setTerm(reach, values) {
        const { program, count } = this.state.current;
        const table = this.table;
        const { kind } = this.state;
        const lines = {
            cell: [table.line(program, kind, count)],
            row: table.columns.map(({ id }) => table.line(id, kind, count)),
            column: table.counts.map((other) => table.line(program, kind, other)),
        }[reach];
        await this.apply(
            lines.filter(Boolean).map((line) => x2ManyCommands.update(idOf(line), values))
        );
    }

    // --- typing ---

    inputs() {
        return this.root.el ? [...this.root.el.querySelectorAll("input[data-key]")] : [];
    }

    onFocus(ev) {
        const input = ev.target;
        if (input.dataset.key) {
            const [program, , count] = input.dataset.key.split("/");
            this.state.current = { program: Number(program), count: Number(count) };
            input.select();
        }
    }

    onInput(ev) {
        const input = ev.target;
        if (input.dataset.key) {
            const isDirty = input.value !== input.dataset.text;
            this.props.record.model.bus.trigger("FIELD_IS_DIRTY", isDirty);
        }
    }

    onChange(ev) {
        return ev.target.dataset.key && this.commit(ev.target);
    }

    commitFocused() {
        const input = document.activeElement;
        if (this.root.el?.contains(input) && input.dataset.key) {
            return this.commit(input);
        }
    }

    async commit(input) {
        const { key, text } = input.dataset;
        if (input.value === text && !this.state.errors[key]) {
            return;
        }
        let value;
        try {
            value = this.parse(input.value);
        } catch (error) {
            if (!(error instanceof CellError)) {
                throw error;
            }
            this.state.errors[key] = error.message;
            await this.props.record.setInvalidField(this.props.name);
            return;
        }
        delete this.state.errors[key];
        const commands = this.table.commands(key, value);
        input.value = commands.length ? this.valueText(value) : text;
        this.keepShape();
        await this.apply(commands);
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", false);
    }

    parse(text) {
        return this.usesRates ? parseCell(text) : parseTick(text);
    }

    /** A row or column stays on the screen though its last cell is emptied. */
    keepShape() {
        const { counts, columns } = this.table;
        this.state.added = {
            counts: [...counts],
            programs: columns.filter(({ id }) => id !== EVERY_PROGRAM),
        };
    }

    async apply(commands) {
        const { record, name } = this.props;
        if (commands.length) {
            await this.list.applyCommands(commands);
        }
        if (Object.keys(this.state.errors).length) {
            await record.setInvalidField(name);
        } else {
            await record.resetFieldValidity(name);
        }
    }

    // --- moving and pasting ---

    onKeydown(ev) {
        onMatrixKeydown(ev, this.root.el, (input) => this.commit(input));
    }

    async onPaste(ev) {
        const input = ev.target;
        const text = ev.clipboardData?.getData("text/plain") || "";
        if (!input.dataset.key || !/[\t\n]/.test(text.trimEnd())) {
            return; // a single value goes into the cell as it is typed
        }
        ev.preventDefault();
        const block = splitBlock(text);
        const top = Number(input.dataset.row);
        const left = Number(input.dataset.column);
        try {
            const commands = this.table.blockCommands(block, this.state.kind, top, left, (cell) =>
                this.parse(cell)
            );
            input.value = input.dataset.text;
            this.keepShape();
            await this.apply(commands);
            input.value = input.dataset.text;
        } catch (error) {
            if (!(error instanceof CellError)) {
                throw error;
            }
            this.notification.add(error.message, {
                title: _t("Nothing was pasted"),
                type: "danger",
            });
        }
    }

    // --- rows and columns ---

    get newCountHint() {
        const taken = this.table.counts;
        const next = Math.max(0, ...taken) + 1;
        if (next <= MOST_INSTALLMENTS) {
            return next;
        }
        return Array.from({ length: MOST_INSTALLMENTS }, (_, i) => i + 1).find(
            (count) => !taken.includes(count)
        );
    }

    addRow() {
        const count = Number(this.state.newCount || this.newCountHint);
        if (!Number.isInteger(count) || count < 1 || count > MOST_INSTALLMENTS) {
            this.notification.add(_t("Installments go from 1 (a single payment) to 36."), {
                type: "danger",
            });
            return;
        }
        this.state.added.counts.push(count);
        this.state.newCount = "";
    }

    onNewCountKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.state.newCount = ev.target.value;
            this.addRow();
        }
    }

    addColumn(ev) {
        const id = Number(ev.target.value);
        const program = this.state.programs.find((other) => other.id === id);
        if (program) {
            this.state.added.programs.push(program);
        }
        ev.target.value = "";
    }

    removeRow(count) {
        this.state.added.counts = this.state.added.counts.filter((other) => other !== count);
        return this.remove((data) => data.installment_count === count);
    }

    removeColumn(program) {
        this.state.added.programs = this.state.added.programs.filter(({ id }) => id !== program);
        return this.remove((data) => data.program_id?.id === program);
    }

    remove(isMeant) {
        const lines = this.list.records.filter(({ data }) => isMeant(data));
        this.state.errors = {};
        return this.apply(lines.map((line) => x2ManyCommands.delete(idOf(line))));
    }
}

function chosen(names) {
    return names.filter(([value]) => value);
}

export const offerMatrix = {
    component: OfferMatrix,
    displayName: _t("Installment table"),
    supportedTypes: ["one2many"],
    fieldDependencies: [
        { name: "uses_rates", type: "boolean" },
        { name: "currency_id", type: "many2one" },
    ],
    relatedFields: () => [
        { name: "installment_count", type: "integer", readonly: false },
        { name: "program_id", type: "many2one", readonly: false },
        { name: "kind", type: "selection", selection: chosen(kindNames()), readonly: false },
        { name: "surcharge_percent", type: "float", readonly: false },
        { name: "extra_installments", type: "integer", readonly: false },
        { name: "minimum_amount", type: "float", readonly: false },
        { name: "bearer", type: "selection", selection: chosen(bearerNames()), readonly: false },
    ],
};

registry.category("fields").add("gateway_offer_matrix", offerMatrix);
