/** False in a browser too old for what sealing needs (WebCrypto, and a page that was served over TLS, onion or loopback). */
export function hasWhatItNeeds(): boolean {
  return typeof crypto === "object" && typeof crypto.subtle === "object" && typeof BigInt === "function" && typeof Blob.prototype.arrayBuffer === "function";
}
