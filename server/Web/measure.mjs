// Prints how large the built page is, and how long its own code takes to seal, in Firefox as Tor Browser runs it at the Safer
// level (no JIT, no WebAssembly) and in Firefox as it comes, beside the stock age library for browsers in the same rounds.
// Usage: npm run build && npm run measure [PATH-OF-FIREFOX]. Asserts nothing.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const here = dirname(fileURLToPath(import.meta.url));
const firefox = process.argv[2] ?? "/usr/bin/firefox-esr";
const built = readFileSync(join(here, "../wwwroot/page.html"));
console.log(`page.html: ${(gzipSync(built, { level: 9 }).length / 1024).toFixed(1)} KB gzip (target: 80 KB or less)`);
const result = await build({
  entryPoints: [join(here, "test/measure-page.ts")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "firefox115",
});
const page = "<!doctype html><meta charset=utf-8><title>.</title><script src=measure.js></script>";
const server = createServer(({ url }, response) => {
  const isScript = url === "/measure.js";
  response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
  response.end(isScript ? result.outputFiles[0].text : page);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const sorted = (times) => [...times].sort((a, b) => a - b);
const median = (times) => sorted(times)[times.length >> 1];
const both = (times) => `${median(times).toFixed(0)} ms (best ${sorted(times)[0].toFixed(0)})`;
const line = ({ name, milliseconds, targetInMilliseconds, peer }, level) =>
  `${name}: ${both(milliseconds)}` +
  (peer ? `; age-encryption, same bytes, unsigned: ${both(peer)}, ratio ${(median(milliseconds) / median(peer)).toFixed(2)}` : "") +
  (targetInMilliseconds && level === Safer ? `; target: ${targetInMilliseconds} ms or less` : "");

const Safer = "Safer level";
const saferLevel = ["ion", "baselinejit", "wasm", "asmjs", "native_regexp"].map((name) => [`javascript.options.${name}`, false]);
for (const [what, extraPrefsFirefox] of [[Safer, Object.fromEntries(saferLevel)], ["as it comes", {}]]) {
  const browser = await puppeteer.launch({
    browser: "firefox", protocol: "webDriverBiDi", executablePath: firefox, headless: true, extraPrefsFirefox,
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    console.log(`Firefox ${await browser.version()}, ${what}:`);
    const figures = await tab.evaluate(() => globalThis.measure());
    for (const figure of figures) console.log(`  ${line(figure, what)}`);
  } finally {
    await browser.close();
  }
}
server.close();
