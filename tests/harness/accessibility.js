// Run in the page by accessibility.py: measures what is drawn.
([least, leastLarge, target]) => {
    const problems = [];
    const seen = new Map();
    for (const el of document.querySelectorAll("[id]")) {
        seen.set(el.id, (seen.get(el.id) || 0) + 1);
    }
    for (const [id, count] of seen) {
        if (id && count > 1) problems.push(`id twice: ${id}`);
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        problems.push(`wider than the window: ${document.documentElement.scrollWidth}`);
    }
    for (const el of document.querySelectorAll("[tabindex]")) {
        if (el.tabIndex > 0) problems.push(`order of tabs by hand: ${el.outerHTML.slice(0, 80)}`);
    }
    // A cell that is left out puts the others under the wrong header.
    const width = (row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
    for (const table of document.querySelectorAll("#wrap table")) {
        for (const row of table.rows) {
            if (width(row) !== width(table.rows[0])) problems.push(`cells missing: ${row.innerText.slice(0, 80)}`);
        }
    }
    const parse = (text) => {
        const found = text.match(/[\d.]+/g);
        if (!found) return [0, 0, 0, 0];
        const [r, g, b, a] = found.map(Number);
        return text.startsWith("color(srgb") ? [r * 255, g * 255, b * 255, a ?? 1] : [r, g, b, a ?? 1];
    };
    const over = (top, under) => {
        const a = top[3];
        return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a)).concat(1);
    };
    const luminance = ([r, g, b]) => {
        const parts = [r, g, b].map((value) => {
            const part = value / 255;
            return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const background = (el) => {
        const layers = [];
        for (let node = el; node; node = node.parentElement) {
            const style = getComputedStyle(node);
            if (style.backgroundImage !== "none") return null;
            layers.push(parse(style.backgroundColor));
            if (layers.at(-1)[3] === 1) break;
        }
        return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
    };
    const opacity = (el) => {
        let value = 1;
        for (let node = el; node; node = node.parentElement) {
            value *= Number(getComputedStyle(node).opacity);
        }
        return value;
    };
    const visible = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && el.getClientRects().length;
    const main = document.querySelector("#wrap") || document.body;
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const told = new Set();
    while (walker.nextNode()) {
        const el = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim();
        if (!text || !el || !visible(el) || el.closest(":disabled, script, style, noscript, .visually-hidden, canvas")) continue;
        const box = el.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1) continue;
        const under = background(el);
        if (!under) continue;
        const style = getComputedStyle(el);
        const color = parse(style.color);
        color[3] *= opacity(el);
        const shown = over(color, under);
        const [light, dark] = [luminance(shown), luminance(under)].sort((a, b) => b - a);
        const ratio = (light + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (ratio < (isLarge ? leastLarge : least) - 0.005) {
            const key = `contrast ${ratio.toFixed(2)}: "${text.slice(0, 40)}" ${el.className}`;
            if (!told.has(key)) problems.push(key);
            told.add(key);
        }
    }
    if (target) {
        for (const el of main.querySelectorAll("a[href], button, input, select, textarea, summary")) {
            if (!visible(el) || el.type === "hidden" || getComputedStyle(el).display === "inline") continue;
            // Of core's payment form the whole row is pressed.
            const label = el.closest("label, [name='o_payment_option']") || (el.id && main.querySelector(`label[for="${el.id}"]`));
            const own = el.getBoundingClientRect();
            const outer = label ? label.getBoundingClientRect() : own;
            const height = Math.max(own.height, outer.height);
            if (height < target || Math.max(own.width, outer.width) < target) {
                problems.push(`target ${own.width.toFixed()}x${own.height.toFixed()}: ${el.outerHTML.slice(0, 100)}`);
            }
        }
    }
    return problems;
}
