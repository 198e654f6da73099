import { type Bytes, concat, utf8 } from "../bytes.ts";
import { expand, extract } from "../hkdf.ts";

/** HPKE (RFC 9180) in base mode: KEM X-Wing (0x647a), HKDF-SHA256 (1), ChaCha20Poly1305 (3). */
const SuiteId = concat(utf8("HPKE"), Uint8Array.of(0x64, 0x7a, 0, 1, 0, 3));
const Version = utf8("HPKE-v1");
const Info = utf8("age-encryption.org/mlkem768x25519");
const Nothing = new Uint8Array(0);

const labeledExtract = (salt: Bytes, label: string, secret: Bytes): Promise<Bytes> =>
  extract(salt, concat(Version, SuiteId, utf8(label), secret));

const labeledExpand = (pseudorandomKey: Bytes, label: string, info: Bytes, sizeInBytes: number): Promise<Bytes> =>
  expand(pseudorandomKey, concat(Uint8Array.of(0, sizeInBytes), Version, SuiteId, utf8(label), info), sizeInBytes);

let keyScheduleContext: Promise<Bytes> | undefined;

/** Key and nonce of the one message of a context; both belong to this shared secret alone. */
export async function keyAndNonce(sharedSecret: Uint8Array): Promise<{ key: Bytes; nonce: Bytes }> {
  keyScheduleContext ??= (async () =>
    concat(
      Uint8Array.of(0), // mode_base
      await labeledExtract(Nothing, "psk_id_hash", Nothing),
      await labeledExtract(Nothing, "info_hash", Info),
    ))();
  const context = await keyScheduleContext;
  const secret = await labeledExtract(Uint8Array.from(sharedSecret), "secret", Nothing);
  return {
    key: await labeledExpand(secret, "key", context, 32),
    nonce: await labeledExpand(secret, "base_nonce", context, 12),
  };
}
