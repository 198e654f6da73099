import { x25519 } from "@noble/curves/ed25519.js";
import { type Bytes, concat, fromHex, isZero, randomBytes } from "../bytes.ts";

/** PKCS #8 (RFC 8410) before the 32 bytes of an X25519 private key; WebCrypto takes private keys in no shorter form. */
const Pkcs8Prefix = fromHex("302e020100300506032b656e04220420");
const BasePoint = Uint8Array.of(9, ...new Uint8Array(31));

/**
 * X25519 (RFC 7748): the 32 bytes of `scalar` times `point`. Throws where the result is zero, that is where `point` has
 * small order. WebCrypto's where the browser has it: it is constant-time and, without a JIT, a hundred times faster.
 */
export async function scalarMultiply(scalar: Bytes, point: Bytes): Promise<Bytes> {
  const native = await nativeMultiply(scalar, point);
  const product = native ?? (x25519.scalarMult(scalar, point) as Bytes);
  if (isZero(product)) throw new Error("a point of small order");
  return product;
}

export const scalarMultiplyBase = (scalar: Bytes): Promise<Bytes> => scalarMultiply(scalar, BasePoint);

/** A fresh scalar and its public key. */
export async function generateKeyPair(): Promise<{ scalar: Bytes; publicKey: Bytes }> {
  const scalar = randomBytes(32);
  return { scalar, publicKey: await scalarMultiplyBase(scalar) };
}

let missing = false;

async function nativeMultiply(scalar: Bytes, point: Bytes): Promise<Bytes | null> {
  if (missing) return null;
  let privateKey: CryptoKey;
  let publicKey: CryptoKey;
  try {
    privateKey = await crypto.subtle.importKey("pkcs8", concat(Pkcs8Prefix, scalar), "X25519", false, ["deriveBits"]);
    publicKey = await crypto.subtle.importKey("raw", point, "X25519", false, []);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") missing = true;
    return null;
  }
  try {
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, privateKey, 256));
  } catch {
    throw new Error("a point of small order"); // the only failure there is, by the specification
  }
}
