/**
 * A new cid: 128 random bits as 22 characters of A–Z a–z 0–9 - _.
 * Not crypto.randomUUID, which plain http in a home or office network does not have.
 */
export function newCid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
