// Asks for records like the one being typed. Select2 tells jQuery alone what was chosen; htmx listens to the page.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    django.jQuery(document).on("select2:select select2:clear", ({ target }) => {
        target.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
    });
});
