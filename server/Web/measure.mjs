// Prints how long the page's own code takes to seal, in Firefox as Tor Browser runs it at the Safer level (no JIT, no
// WebAssembly) and in Firefox as it comes. Usage: node measure.mjs [PATH-OF-FIREFOX]. Asserts nothing.
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const here = dirname(fileURLToPath(import.meta.url));
const firefox = process.argv[2] ?? "/usr/bin/firefox-esr";
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

const saferLevel = ["ion", "baselinejit", "wasm", "asmjs", "native_regexp"].map((name) => [`javascript.options.${name}`, false]);
for (const [what, extraPrefsFirefox] of [["Safer level", Object.fromEntries(saferLevel)], ["as it comes", {}]]) {
  const browser = await puppeteer.launch({
    browser: "firefox", protocol: "webDriverBiDi", executablePath: firefox, headless: true, extraPrefsFirefox,
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    console.log(`Firefox ${await browser.version()}, ${what}:`);
    const figures = await tab.evaluate(() => globalThis.measure());
    for (const [name, milliseconds] of Object.entries(figures)) console.log(`  ${name}: ${milliseconds.toFixed(0)} ms`);
  } finally {
    await browser.close();
  }
}
server.close();
