import { DecodeError } from "./decode-error.ts";
import { RequestError } from "./request.ts";

/**
 * What is answered to a request that failed with `error`.
 *
 * @param onError told of it where it is neither the sender's fault nor foreseen
 */
export function toRequestError(error: unknown, onError: (error: unknown) => void): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof DecodeError) return new RequestError(400, error.message);
  onError(error);
  return new RequestError(500, "a fault in the receiver; see its log");
}
