import { writeRecipient } from "../age/bech32.ts";
import { expandSeed, type XWingKeys } from "../age/xwing.ts";
import { type Bytes, concat, utf8 } from "../bytes.ts";
import { expand, extract } from "../hkdf.ts";
import { publicKeyOf } from "../minisign/ed25519.ts";
import { type PublicKey, publicKeyFromBytes } from "../minisign/key.ts";
import type { Codename } from "../types.ts";

/** What a codename stands for at one drop. */
export interface CodenameKeys {
  /** Opens replies. */
  readonly identity: XWingKeys;
  /** `age1pq1…`: what replies are sealed to. */
  readonly recipient: string;
  /** Ed25519 seed: signs reports. */
  readonly signingSeed: Bytes;
  readonly signingKey: PublicKey;
  /** 32 bytes: finds replies in the dead drops. */
  readonly tag: Bytes;
}

/**
 * HKDF-SHA-256 of the entropy, salted with the drop's first key: the same words are another, unlinkable person at
 * every drop.
 */
export async function deriveKeys(codename: Codename, firstDropKey: PublicKey): Promise<CodenameKeys> {
  const salt = concat(utf8("securedrop/1 codename"), firstDropKey.bytes);
  const pseudorandomKey = await extract(salt, codename.entropy);
  const output = (info: string): Promise<Bytes> => expand(pseudorandomKey, utf8(info), 32);
  const identity = await expandSeed(await output("recipient"));
  const signingSeed = await output("signing");
  return {
    identity,
    recipient: writeRecipient(identity.publicKey),
    signingSeed,
    signingKey: publicKeyFromBytes(publicKeyOf(signingSeed)),
    tag: await output("tag"),
  };
}
