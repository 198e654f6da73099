import { type Bytes, concat, sha256 } from "../bytes.ts";

/** An attachment is digested, and read, in pieces of 1 MiB. */
export const PieceSizeInBytes = 2 ** 20;

/**
 * The digest of an attachment: SHA-256 of the SHA-256 digests of its pieces, one after another. So WebCrypto, which
 * cannot digest a stream, does it natively without holding the file. 5 GiB are 5,120 digests of 32 bytes.
 */
export class AttachmentDigest {
  readonly #digests: Bytes[] = [];

  async add(piece: Bytes): Promise<void> {
    this.#digests.push(await sha256(piece));
  }

  finish(): Promise<Bytes> {
    return sha256(concat(...this.#digests));
  }
}
