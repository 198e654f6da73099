import { publicKeyFromBytes } from "../../src/minisign/key.ts";
import type { RosterAnswer, SignedText } from "../../src/roster/parse.ts";
import { answerOf, seedOf, signed, type TestDrop } from "../drop.ts";
import { type Add, keyText } from "./rosterlist.ts";

/** Chains of drop keys. */
export function addChains(drop: TestDrop, add: Add): void {
  const seeds = [drop.dropSeed, seedOf(51), seedOf(52), seedOf(53)] as const;
  const [a, b, c, d] = seeds;
  const step = (from: Uint8Array, to: Uint8Array, by = from, change: Record<string, unknown> = {}): SignedText =>
    signed("successor", JSON.stringify({ format: "securedrop-successor/1", from: keyText(from), to: keyText(to), ...change }), by);
  const signedBy = (seed: Uint8Array, successors: SignedText[], roster: unknown = drop.roster): RosterAnswer => ({ ...answerOf({ ...drop, dropSeed: seed }, roster), successors });
  const good = signedBy(c, [step(a, b), step(b, c)]);
  for (const [name, seed] of [["first", a], ["second", b], ["last", c]] as const) add(`a chain of three, the ${name} key in the link`, good, { link: keyText(seed) });
  add("a chain of three, no link", good, { link: null });
  add("a chain of three, a key in the link that does not stand in it", good, { link: keyText(d), check: "link" });
  add("a successor with members that nobody knows", signedBy(b, [step(a, b, a, { later: {} })]), {});
  add("a chain, the roster signed by a key that was replaced", signedBy(b, [step(a, b), step(b, c)]), { check: "key number" });
  add("a chain cut short", { ...good, successors: good.successors.slice(0, 1) }, { check: "key number" });
  add("a chain left out", { ...good, successors: [] }, { check: "key number" });
  const wrong: [string, SignedText[]][] = [
    ["in the wrong order", [step(b, c), step(a, b)]],
    ["with a step left out", [step(b, c)]],
    ["with a step twice", [step(a, b), step(a, b), step(b, c)]],
    ["that comes back to the first key", [step(a, b), step(b, a)]],
    ["that comes back to a later key", [step(a, b), step(b, c), step(c, b)]],
    ["that stays where it is", [step(a, a)]],
    ["with a step by another key", [step(a, b, d), step(b, c)]],
    ["with a step by the key that comes", [step(a, b, b), step(b, c)]],
    ["with a step changed by a byte", [{ ...step(a, b), statement: step(a, b).statement + " " }, step(b, c)]],
    ["with a step signed for another purpose", [signed("roster", step(a, b).statement, a), step(b, c)]],
    ["with a step without signature", [{ ...step(a, b), signature: "" }, step(b, c)]],
    ["with a step to a key of small order", [step(a, b, a, { to: publicKeyFromBytes(new Uint8Array(32)).text })]],
    ["with a step of another format", [step(a, b, a, { format: "securedrop-successor/2" }), step(b, c)]],
    ["with a step that names its end twice", [signed("successor", step(a, b).statement.replace('"to"', '"to":"","to"'), a), step(b, c)]],
    ["with a step that is no JSON", [signed("successor", "", a)]],
  ];
  for (const [what, successors] of wrong) add(`a chain ${what}`, signedBy(c, successors), { check: "successor" });
  const many = Array.from({ length: 66 }, (_, index) => (index === 0 ? a : new Uint8Array(32).fill(1).fill(index, 0, 1)));
  const steps = many.slice(1).map((to, index) => step(many[index]!, to));
  add("a chain of 64 steps", signedBy(many[64]!, steps.slice(0, 64)), {});
  add("a chain of 65 steps", signedBy(many[65]!, steps), { check: "successor" });
  add("a false first key before the chain", { ...signedBy(b, [step(d, a), step(a, b)]), dropKey: keyText(d) }, { check: "dropKey" });
}
