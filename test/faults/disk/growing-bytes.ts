/** The content of a file: written anywhere, cut, and grown with zeros as a file system does. */
export class GrowingBytes {
  #buffer: Buffer;
  #length: number;

  constructor(content: Uint8Array = Buffer.alloc(0)) {
    this.#buffer = Buffer.from(content);
    this.#length = content.byteLength;
  }

  get length(): number {
    return this.#length;
  }

  write(data: Uint8Array, offset: number): void {
    this.#room(offset + data.byteLength);
    this.#buffer.set(data, offset);
    this.#length = Math.max(this.#length, offset + data.byteLength);
  }

  resize(length: number): void {
    this.#room(length);
    // What was cut off does not come back when the file grows again.
    if (length < this.#length) this.#buffer.fill(0, length, this.#length);
    this.#length = length;
  }

  copy(): GrowingBytes {
    return new GrowingBytes(this.bytes());
  }

  /** Not a copy. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #room(length: number): void {
    if (length <= this.#buffer.byteLength) return;
    const larger = Buffer.alloc(Math.max(length, this.#buffer.byteLength * 2, 4096));
    larger.set(this.bytes());
    this.#buffer = larger;
  }
}
