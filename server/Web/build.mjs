// Builds the page: ../wwwroot/page.html (one file, everything inlined) and ../wwwroot/page.csp (its
// Content-Security-Policy, one line). Usage: node build.mjs [--out DIR] [--source DIR]
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { withoutMessages } from "./build-errors.mjs";
import { compactWordLists } from "./build-wordlists.mjs";

const GzipLimitInBytes = 80 * 1024;
const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: join(here, "../wwwroot") },
    source: { type: "string", default: join(here, "src") },
  },
});

const bundle = async (entry, extra) => {
  const result = await build({
    entryPoints: [join(options.source, entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    legalComments: "none",
    target: ["firefox115", "chrome111", "safari16.4"],
    logLevel: "warning",
    ...extra,
  });
  return result.outputFiles[0].text.trim();
};

// esbuild bundles; terser, slower, takes another 4 KB off what goes over the line.
const shrink = async (script) => {
  const options = { ecma: 2020, compress: { ecma: 2020, passes: 2 }, format: { ecma: 2020, ascii_only: false } };
  return (await minify(script, options)).code;
};

// An HTML parser ends a raw-text element at its end tag whatever the script says, and "<!--" followed by
// "<script" puts it into the double-escaped state: neither may occur in what is inlined. esbuild already
// writes "<\/script" in string literals; the check is here so that a change there cannot go unnoticed.
const refuseTags = (text, what) => {
  const found = /<\/(script|style)|<!--|<script/i.exec(text);
  if (found) throw new Error(`${what} holds "${found[0]}", which would end or confuse the inlined element.`);
  return text;
};

const script = refuseTags(
  await shrink(await bundle("main.ts", { format: "iife", plugins: [compactWordLists, withoutMessages] })),
  "The script",
);
const style = refuseTags(await bundle("style.css", {}), "The style sheet");
const template = await readFile(join(options.source, "page.html"), "utf8");

const insert = (html, marker, element) => {
  const parts = html.split(marker);
  if (parts.length !== 2) throw new Error(`page.html must hold ${marker} exactly once, it holds it ${parts.length - 1} times.`);
  return parts[0] + element + parts[1];
};
const page = insert(
  insert(template, "<!-- style -->", `<style>${style}</style>`),
  "<!-- script -->",
  `<script>${script}</script>`,
);

const source = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${source(script)}`,
  `style-src ${source(style)}`,
  "connect-src 'self'",
  "img-src data:", // the empty icon, without which browsers ask for /favicon.ico
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const gzipped = gzipSync(page, { level: 9 }).length;
if (gzipped > GzipLimitInBytes) {
  throw new Error(`The page is ${gzipped} bytes gzipped; the limit is ${GzipLimitInBytes}.`);
}
await mkdir(resolve(options.out), { recursive: true });
await writeFile(join(options.out, "page.html"), page);
await writeFile(join(options.out, "page.csp"), policy + "\n");
const kilobytes = (bytes) => (bytes / 1024).toFixed(1);
console.log(`page.html: ${kilobytes(Buffer.byteLength(page))} KB, ${kilobytes(gzipped)} KB gzip (limit ${kilobytes(GzipLimitInBytes)} KB)`);
