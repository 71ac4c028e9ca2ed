const HERE = new Set(["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]);

/** Whether an address leads to the machine that it is opened on, so that nobody else gets anywhere by it. */
export function opensHereOnly(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { hostname } = new URL(link);
  return HERE.has(hostname) || hostname.endsWith(".localhost");
}
