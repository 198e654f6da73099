// Leaves out what the cryptographic libraries say to whoever calls them wrongly: a fiftieth of the page that nobody sees, as no
// screen shows an error's own text and no code of ours or theirs reads one. What is thrown, and when, stays as it is.
import { readFile } from "node:fs/promises";

/** A text, or something read (never called) that is put between texts: leaving it out leaves nothing undone. */
const text = String.raw`'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|` + "`(?:[^`\\\\$]|\\$\\{(?:typeof )?[\\w.]*\\})*`";
const read = String.raw`(?:typeof )?[A-Za-z_][\w.]*`;
const thrown = new RegExp(String.raw`\bnew ((?:Range|Type)?Error)\((?:${text})(?:\s*\+\s*(?:${text}|${read}(?=[\s)])))*\)`, "g");
/** A library that is written otherwise from some version on would quietly make the page larger. */
const LeastFound = 100;

export const withoutMessages = {
  name: "without-messages",
  setup(build) {
    let found = 0;
    build.onLoad({ filter: /node_modules[\\/]@noble[\\/].*\.js$/ }, async ({ path }) => {
      const contents = (await readFile(path, "utf8")).replace(thrown, (_, kind) => {
        found++;
        return `new ${kind}()`;
      });
      return { contents, loader: "js" };
    });
    build.onEnd(() => {
      if (found < LeastFound) throw new Error(`Only ${found} messages of the libraries were found: see build-errors.mjs.`);
    });
  },
};
