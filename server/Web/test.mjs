// Runs the tests: bundles test/*.test.ts (Node 20 reads no TypeScript) and hands them to node:test.
// Usage: node test.mjs [--write-vectors] [NAME...]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const writing = wanted.includes("--write-vectors");
const entries = readdirSync(join(here, "test"))
  .filter((name) => (writing ? name === "write-vectors.ts" : name.endsWith(".test.ts")))
  .filter((name) => writing || wanted.length === 0 || wanted.some((part) => name.startsWith(part)));
if (entries.length === 0) throw new Error(`No test is called ${wanted.join(", ")}.`);

const out = mkdtempSync(join(tmpdir(), "page-tests-"));
try {
  await build({
    entryPoints: entries.map((name) => join(here, "test", name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const files = readdirSync(out).map((name) => join(out, name));
  const run = spawnSync(process.execPath, [...(writing ? [] : ["--test"]), "--enable-source-maps", ...files], {
    stdio: "inherit",
    env: { ...process.env, REPOSITORY: resolve(here, "../..") },
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
