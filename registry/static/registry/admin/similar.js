// Asks for records like the one being typed. Select2 tells jQuery alone what was chosen; htmx listens to the page.
"use strict";
{
    // Neither styles of its own nor evaluated text: the content security policy refuses both.
    htmx.config.includeIndicatorStyles = false;
    htmx.config.allowEval = false;

    document.addEventListener("DOMContentLoaded", () => {
        django.jQuery(document).on("select2:select select2:clear", ({ target }) => {
            target.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
        });
    });
}
