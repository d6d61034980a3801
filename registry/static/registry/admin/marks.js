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
