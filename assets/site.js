// Leaves empty inputs out of the address when a form is sent: the address is what people copy and cite.
for (const form of document.querySelectorAll("form[data-tidy]")) {
  form.addEventListener("submit", () => {
    for (const input of form.elements) {
      if (input.name && !input.value) input.disabled = true;
    }
  });
}
// A page kept by the browser for its back button gets its inputs back.
window.addEventListener("pageshow", () => {
  for (const input of document.querySelectorAll("form[data-tidy] :disabled")) input.disabled = false;
});

// What the page says in its language: a text, or of several the one that goes with a number.
const words = JSON.parse(document.querySelector("meta[name=words]").content);
const plural = new Intl.PluralRules(document.documentElement.lang);
function say(key, values = {}) {
  const text = words[key];
  const form = typeof text === "string" ? text : (text[plural.select(values.number)] ?? text.other);
  return form.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// An input that offers what it finds while somebody types: a combobox as the ARIA practices describe it.
function offer(input) {
  const list = document.getElementById(`${input.id}-options`);
  const status = document.getElementById(`${input.id}-status`);
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("suggestions"));
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(null);
  }

  function choose(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function move(step) {
    const all = options();
    const place = all.indexOf(chosen());
    if (!all.length) return;
    show(true);
    // One place stands for the text itself, between the last option and the first.
    choose([null, ...all].at((place + 1 + step) % (all.length + 1)));
  }

  // In a form that asks for records what is chosen stays in the input; elsewhere its page is opened.
  function take(option) {
    if (input.dataset.suggest !== "fill") return location.assign(option.dataset.href);
    input.value = option.dataset.slug;
    show(false);
  }

  // Whatever the input is called in its form, a search asks for words.
  input.addEventListener("htmx:configRequest", (event) => {
    delete event.detail.parameters[input.name];
    event.detail.parameters.q = input.value;
  });
  list.addEventListener("htmx:afterSwap", () => {
    const number = options().length;
    show(number > 0 && document.activeElement === input);
    const some = number ? say("some_suggestions", { number }) : say("no_suggestions");
    status.textContent = input.value.trim() ? some : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const option = list.hidden ? null : chosen();
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && option) take(option);
    else if (event.key === "Escape" && !list.hidden) show(false);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => show(false));
  // Keeps the focus in the input, so that the list is still there when the button is let go.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  show(false);
}
htmx.onLoad((part) => {
  for (const input of part.querySelectorAll("input[data-suggest]:not([role])")) offer(input);
});

// What was used to fetch a part of the page is often replaced by it: the focus goes to the new part, not to the top.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { id } = detail.target;
  if (!id || !detail.target.contains(document.activeElement)) return;
  document.body.addEventListener(
    "htmx:afterSettle",
    () => {
      const part = document.getElementById(id);
      if (!part || part.contains(document.activeElement)) return;
      part.tabIndex = -1;
      part.focus({ preventScroll: true });
    },
    { once: true },
  );
});

// Pictures are fetched and drawn when they come into sight; their tables are on the page from the start.
const pictures = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      pictures.unobserve(target);
      import(target.dataset.script).then(({ draw }) => draw(target, say));
    }
  },
  { rootMargin: "200px" },
);
for (const figure of document.querySelectorAll("[data-chart]")) pictures.observe(figure);

// A year can be drawn along a range as well as typed.
for (const form of document.querySelectorAll("form[data-slider]")) {
  const year = form.elements.active_on;
  const range = document.createElement("input");
  const { first, last } = year.dataset;
  Object.assign(range, { type: "range", className: "form-range", min: first, max: last });
  range.value = year.value.slice(0, 4) || last;
  range.setAttribute("aria-label", say("year", { first, last }));
  range.addEventListener("input", () => (year.value = range.value));
  range.addEventListener("change", () => form.requestSubmit());
  form.prepend(range);
}
