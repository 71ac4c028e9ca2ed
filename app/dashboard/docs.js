// Starts Swagger UI on our own description, in the reader's colours. A classic script: the bundle sets a global.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", colour);
  colour();
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    defaultModelsExpandDepth: 0,
    syntaxHighlight: { theme: "nord" },
    validatorUrl: null, // would send the description's address to another host
  });
})();
