// Offers known sources in the boxes in which an address or a reference is typed.
"use strict";
{
    const WAIT = 250;
    let timer;

    function listOf(box) {
        const id = `${box.id}-sources`;
        let list = document.getElementById(id);
        if (!list) {
            list = document.createElement("datalist");
            list.id = id;
            box.after(list);
            box.setAttribute("list", id);
        }
        return list;
    }

    async function offer(box) {
        const term = box.value.trim();
        if (term.length < 3) {
            return;
        }
        const query = new URLSearchParams({
            term, app_label: "registry", model_name: "citation", field_name: "source",
        });
        const response = await fetch(`${box.dataset.sources}?${query}`);
        if (!response.ok || box.value.trim() !== term) {
            return;
        }
        const found = await response.json();
        listOf(box).replaceChildren(...found.results.map(({ text, reference }) => {
            const option = document.createElement("option");
            option.value = reference || text;
            option.label = text;
            return option;
        }));
    }

    document.addEventListener("input", ({ target }) => {
        if (target.matches?.(".vReference")) {
            clearTimeout(timer);
            timer = setTimeout(offer, WAIT, target);
        }
    });
}
