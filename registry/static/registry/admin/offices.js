// Boxes that find an office offer those of the city chosen beside them, or else on the form.
"use strict";
{
    const $ = django.jQuery;

    function cityOf(element) {
        const name = element.dataset.cityField;
        const beside = element.name.replace(/[^-]+$/, name);
        const field = document.getElementsByName(beside)[0] || document.getElementById(name);
        return field ? field.value : "";
    }

    function start(element) {
        $(element).select2({
            ajax: {
                data: (params) => ({
                    term: params.term,
                    page: params.page,
                    app_label: element.dataset.appLabel,
                    model_name: element.dataset.modelName,
                    field_name: element.dataset.fieldName,
                    city: cityOf(element),
                }),
            },
        });
    }

    function startAll(root) {
        root.querySelectorAll(".office-autocomplete").forEach((element) => {
            if (!element.name.includes("__prefix__")) {
                start(element);
            }
        });
    }

    $(() => startAll(document));
    document.addEventListener("formset:added", (event) => startAll(event.target));
}
