// Neither styles of htmx's own nor evaluated text: the content security policy refuses both.
"use strict";
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
