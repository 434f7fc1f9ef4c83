/**
 * Moves in the table as a spreadsheet does. (Tab needs nothing: it goes from input to
 * input by itself.)
 *
 * @param {HTMLElement} root of the table
 * @param {(input: HTMLInputElement) => Promise} commit takes over what was typed
 */
export function onMatrixKeydown(ev, root, commit) {
    const input = ev.target;
    if (!input.dataset.key || ev.altKey || ev.ctrlKey || ev.metaKey) {
        return;
    }
    const move = moveOf(ev, input);
    if (move) {
        ev.preventDefault();
        ev.stopPropagation();
        const target = neighbour(root, input, ...move);
        if (target) {
            target.focus(); // its change event commits the cell that is left
        } else {
            commit(input);
        }
    } else if (ev.key === "F2") {
        ev.preventDefault();
        input.setSelectionRange(input.value.length, input.value.length);
    } else if (ev.key === "Escape" && input.value !== input.dataset.text) {
        ev.stopPropagation();
        input.value = input.dataset.text;
        input.select();
        commit(input);
    }
}

/** @returns {undefined|false|number[]} rows down and columns to the right */
function moveOf(ev, input) {
    const { selectionStart: start, selectionEnd: end, value } = input;
    const isWhole = start === 0 && end === value.length;
    return {
        Enter: [ev.shiftKey ? -1 : 1, 0],
        ArrowDown: [1, 0],
        ArrowUp: [-1, 0],
        ArrowLeft: (end === 0 || isWhole) && !ev.shiftKey && [0, -1],
        ArrowRight: (start === value.length || isWhole) && !ev.shiftKey && [0, 1],
    }[ev.key];
}

function neighbour(root, input, down, right) {
    const row = Number(input.dataset.row) + down;
    const column = Number(input.dataset.column) + right;
    return root.querySelector(`input[data-row="${row}"][data-column="${column}"]`);
}
