// One box that chooses, or leaves, every record of the page.
"use strict";
document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-choose-all]")) {
        document.querySelectorAll(`input[name="${target.dataset.chooseAll}"]`).forEach((box) => {
            box.checked = target.checked;
        });
    }
});
