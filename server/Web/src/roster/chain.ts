import { utf8 } from "../bytes.ts";
import { asObject, format, text } from "../json/members.ts";
import { parseStrict } from "../json/strict.ts";
import { type PublicKey, parsePublicKey } from "../minisign/key.ts";
import { checkStatement } from "../minisign/statement.ts";
import type { SignedText } from "./parse.ts";
import { RosterError } from "./error.ts";

const MaximumSuccessors = 64;

/** The keys from the drop's first to the one that signs now, each named by the one before; throws `RosterError`. */
export function readChain(firstKey: string, successors: readonly SignedText[]): PublicKey[] {
  const first = parsePublicKey(firstKey);
  if (first === null) throw new RosterError("answer");
  if (successors.length > MaximumSuccessors) throw new RosterError("successor");
  const chain = [first];
  for (const { statement, signature } of successors) {
    const last = chain.at(-1)!;
    const next = readSuccessor(statement, last);
    if (checkStatement("successor", utf8(statement), signature, last) !== null) throw new RosterError("successor");
    // A ring could be cut open anywhere, and any of its keys be presented as the first.
    if (chain.some((key) => key.text === next.text)) throw new RosterError("successor");
    chain.push(next);
  }
  return chain;
}

function readSuccessor(statement: string, last: PublicKey): PublicKey {
  try {
    const root = asObject(parseStrict(statement));
    format(root, "securedrop-successor/1");
    const next = parsePublicKey(text(root, "to"));
    if (next !== null && text(root, "from") === last.text) return next;
  } catch {
    // said below
  }
  throw new RosterError("successor");
}
