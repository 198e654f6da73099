import { type Bytes, base64, concat, equal, fromBase64, fromUtf8, hmac, hmacKey, utf8 } from "../bytes.ts";
import { hkdf } from "../hkdf.ts";
import { AgeError } from "./error.ts";
import { type HybridStanza, StanzaType, WrappedKeySizeInBytes } from "./hybrid.ts";
import { CiphertextSizeInBytes } from "./xwing.ts";

const VersionLine = "age-encryption.org/v1";
const BodyColumns = 64;
/** The most stanzas that anything here writes or reads. */
export const MaximumStanzas = 64;

const unpadded = (bytes: Uint8Array): string => base64(bytes).replace(/=+$/, "");

/** Canonical base64 without padding, or an `AgeError`. */
function decode(text: string): Bytes {
  const bytes = text.includes("=") ? null : fromBase64(text + "=".repeat((4 - (text.length % 4)) % 4));
  if (bytes === null) throw new AgeError("header");
  return bytes;
}

async function macOf(fileKey: Bytes, header: Bytes): Promise<Bytes> {
  return hmac(await hmacKey(await hkdf(new Uint8Array(0), fileKey, utf8("header"))), header);
}

/** The header (age v1, C2SP): version, stanzas in the order given, MAC. */
export async function writeHeader(fileKey: Bytes, stanzas: readonly HybridStanza[]): Promise<Bytes> {
  const lines = stanzas.map(({ share, body }) => `-> ${StanzaType} ${unpadded(share)}\n${unpadded(body)}\n`);
  const header = utf8(`${VersionLine}\n${lines.join("")}---`);
  return concat(header, utf8(` ${unpadded(await macOf(fileKey, header))}\n`));
}

export interface AgeHeader {
  readonly stanzas: readonly HybridStanza[];
  readonly mac: Bytes;
  /** The bytes the MAC is of: to `---`, included. */
  readonly authenticated: Bytes;
  readonly sizeInBytes: number;
}

/** Reads a header whose stanzas are all `mlkem768x25519`, as everything here is sealed; throws `AgeError`. */
export function readHeader(file: Bytes): AgeHeader {
  const reader = new LineReader(file);
  if (reader.line() !== VersionLine) throw new AgeError("header");
  const stanzas: HybridStanza[] = [];
  for (;;) {
    const start = reader.at;
    const line = reader.line();
    if (line.startsWith("--- ")) {
      const mac = decode(line.slice(4));
      if (mac.length !== 32 || stanzas.length === 0) throw new AgeError("header");
      return { stanzas, mac, authenticated: file.slice(0, start + 3), sizeInBytes: reader.at };
    }
    const [arrow, type, share, ...more] = line.split(" ");
    if (arrow !== "->" || type !== StanzaType || share === undefined || more.length > 0) throw new AgeError("header");
    if (stanzas.length === MaximumStanzas) throw new AgeError("header");
    const decoded = decode(share);
    const body = reader.line();
    if (decoded.length !== CiphertextSizeInBytes || body.length >= BodyColumns) throw new AgeError("header");
    const wrapped = decode(body);
    if (wrapped.length !== WrappedKeySizeInBytes) throw new AgeError("header");
    stanzas.push({ share: decoded, body: wrapped });
  }
}

export async function verifyMac(header: AgeHeader, fileKey: Bytes): Promise<void> {
  if (!equal(await macOf(fileKey, header.authenticated), header.mac)) throw new AgeError("mac");
}

class LineReader {
  /** Longer than a share in base64, and than anything else that may stand on a line. */
  static readonly MaximumLineInBytes = 2048;
  at = 0;

  constructor(readonly file: Bytes) {}

  line(): string {
    const end = this.file.subarray(0, this.at + LineReader.MaximumLineInBytes).indexOf(10, this.at);
    if (end < 0) throw new AgeError("header");
    const bytes = this.file.subarray(this.at, end);
    if (bytes.some((byte) => byte < 32 || byte > 126)) throw new AgeError("header");
    this.at = end + 1;
    return fromUtf8(bytes);
  }
}
