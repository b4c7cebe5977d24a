import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

/** protobufjs' decoder of an OTLP request, made from the schema: faster than what its command line generates. */
export async function otlpSchema(): Promise<protobuf.Type> {
  const root = await protobuf.load(fileURLToPath(new URL("otlp.proto", import.meta.url)));
  return root.lookupType("otlp.ExportTraceServiceRequest");
}
