import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A certificate made for a test, and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority that signs certificates for as long as a test runs. */
export class Authority {
  /** In PEM. */
  readonly cert: string;
  readonly #name: string;
  readonly #key: KeyObject;

  constructor(name: string) {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#name = name;
    this.#key = privateKey;
    this.cert = this.#sign(name, publicKey, extension("551d13", sequence(hex("0101ff"))));
  }

  /** A certificate for this machine, as a server or as a client. */
  issue(name: string): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const localhost = sequence(
      tagged(0x87, hex("7f000001")),
      tagged(0x82, Buffer.from("localhost")),
    );
    return {
      cert: this.#sign(name, publicKey, extension("551d11", localhost)),
      key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
  }

  /** Source: RFC 5280, 4.1. */
  #sign(subject: string, publicKey: KeyObject, extensions: Buffer): string {
    const body = sequence(
      tagged(0xa0, tagged(2, hex("02"))),
      tagged(2, hex("01")),
      ecdsaWithSha256,
      nameOf(this.#name),
      sequence(tagged(23, Buffer.from("200101000000Z")), tagged(23, Buffer.from("491231235959Z"))),
      nameOf(subject),
      publicKey.export({ type: "spki", format: "der" }),
      tagged(0xa3, sequence(extensions)),
    );
    const signature = Buffer.concat([hex("00"), sign("sha256", body, this.#key)]);
    const whole = sequence(body, ecdsaWithSha256, tagged(3, signature)).toString("base64");
    const lines = whole.match(/.{1,64}/g) ?? [];
    return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
  }
}

const ecdsaWithSha256 = sequence(tagged(6, hex("2a8648ce3d040302")));

function nameOf(commonName: string): Buffer {
  const type = tagged(6, hex("550403"));
  return sequence(tagged(0x31, sequence(type, tagged(12, Buffer.from(commonName)))));
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(tagged(6, hex(oid)), tagged(4, value));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** DER: a tag, a length, and that many bytes. */
function tagged(tag: number, content: Buffer): Buffer {
  const { byteLength } = content;
  const length = byteLength < 128 ? [byteLength] : [0x82, byteLength >> 8, byteLength & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}
