// Prints how large the built page is, and how long its own code takes to seal, in Firefox as Tor Browser runs it at the Safer
// level (no JIT, no WebAssembly) and in Firefox as it comes, beside the stock age library for browsers in the same rounds.
// Usage: npm run build && npm run measure [PATH-OF-FIREFOX]. Asserts nothing.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const Rounds = 9;
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

/** Processor time of a process and all its descendants (proc(5), `stat`), in milliseconds: on a busy machine it tells more than the clock. */
function processorTime(root) {
  const MillisecondsPerTick = 10;
  const processes = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      processes.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (id) => id === root || (processes.has(id) && isBelow(processes.get(id).parent));
  let ticks = 0;
  for (const [id, found] of processes) if (isBelow(id)) ticks += found.ticks;
  return ticks * MillisecondsPerTick;
}

function figures(times, processor) {
  const sorted = times.toSorted((a, b) => a - b);
  return `${sorted[times.length >> 1].toFixed(0)} ms (best ${sorted[0].toFixed(0)}, processor ${(processor / times.length).toFixed(0)})`;
}

/** In turns with the stock library, so that whatever else the machine does falls on both. */
async function measure(tab, root, { name, hasStock, targetInMilliseconds }, isSafer) {
  const spent = { own: { times: [], processor: 0 }, stock: { times: [], processor: 0 } };
  for (let n = 0; n < Rounds; n++) {
    for (const which of hasStock ? ["own", "stock"] : ["own"]) {
      const before = processorTime(root);
      spent[which].times.push(await tab.evaluate((name, which) => globalThis.round(name, which), name, which));
      spent[which].processor += processorTime(root) - before;
    }
  }
  const { own, stock } = spent;
  const target = isSafer && targetInMilliseconds ? `; target: ${targetInMilliseconds} ms or less` : "";
  console.log(`  ${name}: ${figures(own.times, own.processor)}${target}`);
  if (!hasStock) return;
  const ratio = (own.processor / stock.processor).toFixed(2);
  console.log(`    peer: age-encryption, as many bytes, unsigned: ${figures(stock.times, stock.processor)}; ${ratio} of the peer's processor time`);
}

const saferLevel = ["ion", "baselinejit", "wasm", "asmjs", "native_regexp"].map((name) => [`javascript.options.${name}`, false]);
for (const isSafer of [true, false]) {
  const browser = await puppeteer.launch({
    browser: "firefox", protocol: "webDriverBiDi", executablePath: firefox, headless: true,
    extraPrefsFirefox: isSafer ? Object.fromEntries(saferLevel) : {},
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    console.log(`Firefox ${await browser.version()}, ${isSafer ? "Safer level" : "as it comes"}:`);
    for (const subject of await tab.evaluate(() => globalThis.prepare())) await measure(tab, browser.process().pid, subject, isSafer);
  } finally {
    await browser.close();
  }
}
server.close();
