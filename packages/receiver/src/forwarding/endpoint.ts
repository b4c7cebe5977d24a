/** Where traces are sent, and how that is called in logs and metrics. */
export interface Endpoint {
  readonly url: URL;
  /** Without user, password, query and fragment, which may hold secrets. */
  readonly name: string;
  /** `Authorization` for a user and password in the address. */
  readonly authorization: string | undefined;
}

/**
 * The endpoint of `address`: traces go to `v1/traces` below it, as with `OTEL_EXPORTER_OTLP_ENDPOINT`.
 *
 * An address whose path names traces already is taken as it is, such as `https://host/v1/traces` or
 * `https://host/v2/trace/otlp`.
 *
 * @throws EndpointError where it is no address of HTTP
 */
export function endpointOf(address: string): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    const shown = address.replace(/\/\/[^/]*@/, "//");
    throw new EndpointError(
      `spans are forwarded to an address such as http://tempo:4318, not to "${shown}"`,
    );
  }
  const authorization = basicAuth(url);
  url.username = "";
  url.password = "";
  url.hash = "";
  if (!url.pathname.split("/").some((part) => part === "traces" || part === "trace")) {
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/traces`;
  }
  return { url, name: `${url.origin}${url.pathname}`, authorization };
}

function basicAuth({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString("base64")}`;
  } catch {
    throw new EndpointError(
      "user and password of an address are percent-encoded, and these are not",
    );
  }
}

/** An address to which nothing can be forwarded. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}
