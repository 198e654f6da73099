import { hex, randomBytes } from "../../src/bytes.ts";
import { attempt, saltOf, solve, uploadIdOf } from "../../src/proof-of-work/solve.ts";

const signal = new AbortController().signal;

/** Tickets, and what pays for a block and what does not: `unpaid`, or `ticket` where the upload's id is another's. */
export async function ticketVectors(): Promise<unknown> {
  const solutions: unknown[] = [];
  const add = async (what: string, ticket: string, id: string, block: number, difficulty: number, value: string, check: string | null): Promise<void> => {
    solutions.push({ what, ticket, id, block, difficulty, value, zeros: await attempt(value, saltOf(id, block)), check });
  };
  for (const [what, block, asked] of [["a whole report", 0, 8], ["the second block", 1, 9], ["the last block of 5 GiB", 79, 10], ["the last block that has a number", 2 ** 32 - 1, 8]] as const) {
    const ticket = btoa(String.fromCharCode(...randomBytes(57))).replaceAll("+", "-").replaceAll("/", "_");
    const id = await uploadIdOf(ticket);
    const value = (await solve(ticket, asked, block, () => undefined, signal))!;
    const zeros = await attempt(value, saltOf(id, block));
    await add(what, ticket, id, block, zeros, value, null);
    await add(`${what}: one zero too few`, ticket, id, block, zeros + 1, value, "unpaid");
    await add(`${what}: at 24, which takes too long`, ticket, id, block, 24, value, "unpaid");
    await add(`${what}: the value paid for another block`, ticket, id, block === 0 ? 1 : block - 1, zeros, value, "unpaid");
    await add(`${what}: at 0 anything pays`, ticket, id, block, 0, `${ticket}.${hex(randomBytes(16))}`, null);
    await add(`${what}: for another's upload`, ticket, await uploadIdOf("another"), block, 0, value, "ticket");
  }
  const short = "a";
  const id = await uploadIdOf(short);
  await add("the shortest ticket", short, id, 0, 8, (await solve(short, 8, 0, () => undefined, signal))!, null);
  return { solutions };
}
