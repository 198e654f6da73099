import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, fromHex } from "../bytes.ts";
import { generateKeyPair, scalarMultiply, scalarMultiplyBase } from "./x25519.ts";

/** Sizes of X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 first, X25519 last. */
const MlKemCiphertextSizeInBytes = 1088;
const MlKemPublicKeySizeInBytes = 1184;
export const CiphertextSizeInBytes = MlKemCiphertextSizeInBytes + 32;

const Label = fromHex("5c2e2f2f5e5c"); // \.//^\

/** The keys that a 32-byte seed stands for. */
export interface XWingKeys {
  readonly publicKey: Bytes;
  readonly mlKemSecretKey: Uint8Array;
  readonly scalar: Bytes;
}

export async function expandSeed(seed: Uint8Array): Promise<XWingKeys> {
  const expanded = shake256(seed, { dkLen: 96 });
  const scalar = expanded.slice(64) as Bytes;
  const mlKem = ml_kem768.keygen(expanded.subarray(0, 64));
  return {
    publicKey: concat(mlKem.publicKey, await scalarMultiplyBase(scalar)),
    mlKemSecretKey: mlKem.secretKey,
    scalar,
  };
}

export interface Encapsulation {
  readonly ciphertext: Bytes;
  readonly sharedSecret: Uint8Array;
}

/** Throws where the public key is none: an ML-KEM coefficient not below q, an X25519 point of small order. */
export async function encapsulate(publicKey: Bytes): Promise<Encapsulation> {
  const recipientPoint = publicKey.slice(MlKemPublicKeySizeInBytes);
  const mlKem = ml_kem768.encapsulate(publicKey.subarray(0, MlKemPublicKeySizeInBytes));
  const ephemeral = await generateKeyPair();
  const secret = await scalarMultiply(ephemeral.scalar, recipientPoint);
  return {
    ciphertext: concat(mlKem.cipherText, ephemeral.publicKey),
    sharedSecret: combine(mlKem.sharedSecret, secret, ephemeral.publicKey, recipientPoint),
  };
}

/** ML-KEM rejects implicitly: a ciphertext for another key gives another secret, not an error. */
export async function decapsulate(ciphertext: Bytes, keys: XWingKeys): Promise<Uint8Array> {
  const ephemeralPoint = ciphertext.slice(MlKemCiphertextSizeInBytes);
  const mlKemSecret = ml_kem768.decapsulate(ciphertext.subarray(0, MlKemCiphertextSizeInBytes), keys.mlKemSecretKey);
  const secret = await scalarMultiply(keys.scalar, ephemeralPoint);
  return combine(mlKemSecret, secret, ephemeralPoint, keys.publicKey.subarray(MlKemPublicKeySizeInBytes));
}

const combine = (mlKemSecret: Uint8Array, secret: Uint8Array, ciphertext: Uint8Array, publicKey: Uint8Array): Uint8Array =>
  sha3_256(concat(mlKemSecret, secret, ciphertext, publicKey, Label));
