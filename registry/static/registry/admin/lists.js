// A list by keyboard: arrows go from row to row, digits choose a city, n leaves the row out.
"use strict";
{
    const rows = () => [...document.querySelectorAll("[data-row]")];

    function isTyping(element) {
        return element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])")
            || element.closest(".select2-container, .select2-dropdown, summary, a, button") !== null;
    }

    function go(from, step) {
        const all = rows();
        const next = all[from ? all.indexOf(from) + step : 0];
        if (next) {
            next.focus();
            next.scrollIntoView({ block: "nearest" });
        }
    }

    function choose(row, key) {
        const button = row?.querySelector(`input[type=radio][data-number="${key}"]:not(:disabled)`);
        if (button) {
            button.checked = true;
        }
        return Boolean(button);
    }

    document.addEventListener("keydown", (event) => {
        const { key, target } = event;
        if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) {
            return;
        }
        const row = target.closest("[data-row]");
        const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[key];
        if (step && (row || key !== "Enter")) {
            event.preventDefault();
            go(row, step);
        } else if (/^[1-9n]$/.test(key) && choose(row, key)) {
            event.preventDefault();
        }
    });

    // Finding another city means choosing it.
    django.jQuery(document).on("select2:select", ".list-other select", ({ target }) => {
        target.closest(".list-other").querySelector("input[type=radio]").checked = true;
        target.closest("[data-row]").focus();
    });
}
