import type { IncomingMessage } from "node:http";

/** Whether a person asks, with a browser. */
export function wantsHtml({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return /\btext\/html\b/.test(headers.accept ?? "");
}

/** What a browser shows of an address at which nothing is: without style or script, and without the address in it. */
export const notFoundPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not found · spancost</title>
</head>
<body>
<h1>There is nothing at this address</h1>
<p><a href="/">Go to the page of this receiver</a></p>
</body>
</html>
`;
