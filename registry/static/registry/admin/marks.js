// Boxes that find a record by typing show beside an option what it is marked with, such as “recently used”.
"use strict";
{
    const $ = django.jQuery;

    $.fn.select2.defaults.set("templateResult", ({ text, mark }) => {
        if (!mark) {
            return text;
        }
        return $("<span>").text(text).append(" ", $("<small class='mark'>").text(mark));
    });
}
// They are called what the field is called, also for those who do not see it.
{
    const $ = django.jQuery;

    const name = (select) => {
        const called = select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace(/[:\s]+$/, "");
        const box = $(select).data("select2")?.$container;
        if (!called || !box) {
            return;
        }
        box.find(".select2-selection--single, .select2-search__field").attr("aria-label", called.trim());
        const single = box.find(".select2-selection--single");
        const chosen = single.find(".select2-selection__rendered").removeAttr("role aria-readonly").attr("id");
        single.attr({ id: `${chosen}-box`, "aria-labelledby": `${chosen}-box ${chosen}` });
    };
    const nameAll = (within) => within.querySelectorAll("select.admin-autocomplete, select.office-autocomplete").forEach(name);
    // Django makes the boxes when the page is ready; what is asked for later comes after that.
    window.addEventListener("load", () => $(() => nameAll(document)));
    document.addEventListener("formset:added", ({ target }) => setTimeout(() => {
        nameAll(target);
        // Who added the row by keyboard goes on in it.
        target.querySelector(".select2-selection--single, input:not([type=hidden]), select, textarea")?.focus();
    }));
    $(document).on("select2:select select2:unselect select2:clear", ({ target }) => setTimeout(name, 0, target));
}
