import { type Bytes, equal, hmac } from "../bytes.ts";

const NonceSizeInBytes = 16;
const MarkSizeInBytes = 16;
/** 8,192 bytes sealed to one recipient. */
const SealedReplySizeInBytes = 9851;
/** `r` ‖ the first half of HMAC-SHA-256(tag, r) ‖ the sealed reply. */
export const SlotSizeInBytes = NonceSizeInBytes + MarkSizeInBytes + SealedReplySizeInBytes;

/** The sealed reply in a slot, if the slot is for this tag key. One HMAC for every slot, whose-ever it is. */
export async function sealedReplyIn(slot: Uint8Array, tagKey: CryptoKey): Promise<Bytes | null> {
  const nonce = slot.slice(0, NonceSizeInBytes);
  const mark = await hmac(tagKey, nonce as Bytes);
  const given = slot.subarray(NonceSizeInBytes, NonceSizeInBytes + MarkSizeInBytes);
  return equal(mark.subarray(0, MarkSizeInBytes), given) ? (slot.slice(NonceSizeInBytes + MarkSizeInBytes) as Bytes) : null;
}

/** The sealed replies for this tag key in a day's dead drop; a torn slot at its end is left out. */
export async function scanDeadDrop(deadDrop: Bytes, tagKey: CryptoKey): Promise<Bytes[]> {
  const slots: Uint8Array[] = [];
  for (let at = 0; at + SlotSizeInBytes <= deadDrop.length; at += SlotSizeInBytes) {
    slots.push(deadDrop.subarray(at, at + SlotSizeInBytes));
  }
  const found = await Promise.all(slots.map((slot) => sealedReplyIn(slot, tagKey)));
  return found.filter((sealed) => sealed !== null);
}
