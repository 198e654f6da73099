import type { Bytes } from "../bytes.ts";

/** Sealed bytes go to the server in parts of this size, the last one shorter. */
export const PartSizeInBytes = 2 ** 20;

/** Cuts sealed chunks, of any size, into parts. Holds less than a part and a chunk. */
export class PartCutter {
  readonly #chunks: AsyncGenerator<Bytes, void>;
  #left: number;
  #rest: Bytes = new Uint8Array(0);

  constructor(chunks: AsyncGenerator<Bytes, void>, sizeInBytes: number) {
    this.#chunks = chunks;
    this.#left = sizeInBytes;
  }

  /** The next part, or null after the last one. */
  async next(): Promise<Bytes | null> {
    if (this.#left === 0) {
      // Runs the sealer to its end, where it checks that nothing was left over.
      if (!(await this.#chunks.next()).done) throw new Error("more was sealed than was said");
      return null;
    }
    const part = new Uint8Array(Math.min(PartSizeInBytes, this.#left));
    let used = 0;
    while (used < part.length) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done) throw new Error("less was sealed than was said");
        this.#rest = value;
      }
      const taken = this.#rest.subarray(0, part.length - used);
      part.set(taken, used);
      used += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
    this.#left -= part.length;
    return part;
  }

  /** Lets go of files and keys. */
  async close(): Promise<void> {
    await this.#chunks.return();
  }
}
