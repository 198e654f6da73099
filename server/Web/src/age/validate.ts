import type { Bytes } from "../bytes.ts";
import { scalarMultiply } from "./x25519.ts";

const ModulusQ = 3329;
const CoefficientBytes = 1152;
const X25519Offset = 1184;
const AnyScalar = new Uint8Array(32).fill(0x40);

/**
 * Whether sealing to this X-Wing public key can succeed: every ML-KEM coefficient below q (FIPS 203, 7.2) and an X25519
 * point that is not of small order. Asked before a reviewer's key is chosen: one bad key would else stop every report.
 */
export async function isValidPublicKey(publicKey: Bytes): Promise<boolean> {
  for (let at = 0; at < CoefficientBytes; at += 3) {
    const [a, b, c] = [publicKey[at]!, publicKey[at + 1]!, publicKey[at + 2]!];
    if ((a | ((b & 15) << 8)) >= ModulusQ || ((b >> 4) | (c << 4)) >= ModulusQ) return false;
  }
  try {
    await scalarMultiply(AnyScalar, publicKey.slice(X25519Offset));
    return true;
  } catch {
    return false;
  }
}
