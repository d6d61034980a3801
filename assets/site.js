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
// Pictures are fetched and drawn when they come into sight; their tables are on the page from the start.
const pictures = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      pictures.unobserve(target);
      import(target.dataset.script).then(({ draw }) => draw(target));
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
  range.setAttribute("aria-label", `Year, ${first} to ${last}`);
  range.addEventListener("input", () => (year.value = range.value));
  range.addEventListener("change", () => form.requestSubmit());
  form.prepend(range);
}
