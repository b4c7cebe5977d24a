/** What a person can do about a code of the system or of TLS. */
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name of the host cannot be looked up now",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "the host does not answer",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the host",
  EPROTO: "it does not speak TLS there, or another version: is it an http:// address?",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS there: is it an http:// address?",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted(),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(),
};

function untrusted(): string {
  return "its certificate is not trusted: name the file of its authority in NODE_EXTRA_CA_CERTS";
}

/** Why a request got no answer, as one sentence without its headers. */
export function networkProblem({ code, message }: NodeJS.ErrnoException): string {
  if (code === undefined) return message;
  const known = advice[code];
  return known === undefined ? code : `${known} (${code})`;
}
