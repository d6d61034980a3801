// The page on which the API can be tried. Without a validator: it would send the description elsewhere.
const dark = matchMedia("(prefers-color-scheme: dark)");
// Swagger UI is dark where the root has this class.
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);

const place = document.getElementById("api");
window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  layout: "BaseLayout",
  presets: [window.SwaggerUIBundle.presets.apis],
});
