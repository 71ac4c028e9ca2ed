// Starts Swagger UI on our own description, in the reader's colours and with their sign-in. A classic script: the bundle
// sets a global.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", colour);
  colour();

  const SAFE = ["GET", "HEAD", "OPTIONS"];
  const me = async () => {
    const answer = await fetch("/api/v1/auth/me", { cache: "no-cache" });
    return answer.ok ? answer.json() : null;
  };

  const showWho = async () => {
    const user = (await me().catch(() => null))?.user;
    const way = document.createElement("a");
    way.href = "/sign-in?next=/docs";
    way.textContent = "Sign in to try them";
    document.getElementById("who").replaceChildren(user ? `You act here as ${user.email}.` : way);
  };

  /** A session's cookie goes along by itself; a change needs the proof that this page makes it. A key needs none. */
  const proven = async (request) => {
    if (new URL(request.url, location.origin).origin !== location.origin) return request;
    if (SAFE.includes(request.method?.toUpperCase() ?? "GET") || request.headers?.Authorization) return request;
    const token = (await me().catch(() => null))?.csrf_token;
    if (token) request.headers = { ...request.headers, "X-CSRF-Token": token };
    return request;
  };

  /** A browser sends its cookie by itself, and no page can set it: the dialog asks for keys alone. */
  const keysAlone = (answer) => {
    if (new URL(answer.url, location.origin).pathname !== "/openapi.json" || !answer.ok) return answer;
    const described = JSON.parse(answer.text);
    delete described.components.securitySchemes.session;
    for (const operations of Object.values(described.paths))
      for (const operation of Object.values(operations)) operation.security = operation.security?.filter((way) => !("session" in way));
    answer.text = JSON.stringify(described);
    return answer;
  };

  showWho();
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    defaultModelsExpandDepth: 0,
    syntaxHighlight: { theme: "nord" },
    requestInterceptor: proven,
    responseInterceptor: keysAlone,
    persistAuthorization: false, // a key is not left behind in the browser
    validatorUrl: null, // would send the description's address to another host
  });
})();
