// Run in the page: what has the focus, and whether that can be seen.
() => {
    const el = document.activeElement;
    const style = getComputedStyle(el);
    const drawn = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0
        || one.boxShadow !== "none";
    const label = el.id && document.querySelector(`label[for="${el.id}"]`);
    return {
        tag: el.tagName,
        text: (el.innerText || el.value || el.getAttribute("aria-label") || "").trim(),
        name: el.getAttribute("name") || "",
        value: el.value || "",
        type: el.type || "",
        id: el.id,
        seen: drawn(style) || (label && drawn(getComputedStyle(label))),
    };
}
