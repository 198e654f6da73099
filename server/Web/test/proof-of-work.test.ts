import assert from "node:assert/strict";
import test from "node:test";
import { attempt, leadingZeroBits, saltOf, solve, TooMuchWorkError, uploadIdOf } from "../src/proof-of-work/solve.ts";
import { foldersWith, vectorJson } from "./vectors.ts";

const signal = new AbortController().signal;

test("Attempt_Vectors_SameZeroBits", async () => {
  const vectors = vectorJson("tickets.json");
  assert.ok(vectors.length >= 4);
  for (const { ticket, id, block, value, zeros } of vectors) {
    assert.equal(await uploadIdOf(ticket), id);
    assert.equal(await attempt(value, saltOf(id, block)), zeros);
    assert.notEqual(await attempt(value, saltOf(id, block + 1)), zeros);
  }
});

for (const folder of foldersWith("tickets.json").filter((name) => name !== "")) test(`Attempt_${folder}Vectors_SameVerdicts`, async () => {
  const { solutions } = vectorJson(folder + "tickets.json");
  assert.ok(solutions.length >= 20);
  for (const { what, ticket, id, block, difficulty, value, zeros, check } of solutions) {
    assert.equal(await attempt(value, saltOf(id, block)), zeros, what);
    const verdict = (await uploadIdOf(ticket)) !== id ? "ticket" : zeros < difficulty ? "unpaid" : null;
    assert.equal(verdict, check, what);
  }
});

test("LeadingZeroBits_Edges_AreCounted", () => {
  for (const [bytes, zeros] of [[[128], 0], [[1], 7], [[0, 128], 8], [[0, 0, 3], 22], [[0, 0], 16]] as const) {
    assert.equal(leadingZeroBits(Uint8Array.from(bytes)), zeros);
  }
});

test("Solve_EightBits_PaysForItsBlock", async () => {
  let attempts = 0;
  const value = (await solve("ticket", 8, 3, (made) => (attempts = made), signal))!;
  assert.match(value, /^ticket\.[0-9a-f]{2,32}$/);
  assert.ok((await attempt(value, saltOf(await uploadIdOf("ticket"), 3))) >= 8);
  assert.ok(attempts > 0);
});

test("Solve_Idle_ComputesNothing", async () => {
  assert.match((await solve("t", 0, 0, () => assert.fail("an attempt was made"), signal))!, /^t\.[0-9a-f]{16}$/);
});

test("Solve_Above24_GivesUp", async () => {
  await assert.rejects(solve("t", 25, 0, () => undefined, signal), (error) => error instanceof TooMuchWorkError && error.difficulty === 25);
});

test("Solve_NoLongerUseful_EndsWithoutAValue", async () => {
  let attempts = 0;
  assert.equal(await solve("t", 24, 0, (made) => (attempts = made), signal, () => attempts < 20), null);
  assert.ok(attempts >= 20 && attempts < 36, `${attempts}: sixteen in flight were to end, no more to begin`);
});

test("Solve_Cancelled_Stops", async () => {
  const controller = new AbortController();
  const solving = solve("t", 24, 0, (made) => made === 20 && controller.abort(), controller.signal);
  await assert.rejects(solving, { name: "AbortError" });
});
