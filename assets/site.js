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
