// Carries the two BIP-39 lists in less: both are of public, fixed content, and are a sixth of the page.
import { pathToFileURL } from "node:url";

/** English is sorted: each word begins with how many letters it shares with the one before (0 to 7). */
function frontCode(words) {
  let before = "";
  return words
    .map((word) => {
      let shared = 0;
      while (shared < 7 && word[shared] !== undefined && word[shared] === before[shared]) shared++;
      before = word;
      return shared + word.slice(shared);
    })
    .join("");
}

const modules = {
  english: (words) =>
    `let before = ""; export const wordlist = ${JSON.stringify(frontCode(words))}.match(/\\d[a-z]*/g)` +
    `.map((code) => before = before.slice(0, +code[0]) + code.slice(1));`,
  "simplified-chinese": (words) => `export const wordlist = [...${JSON.stringify(words.join(""))}];`,
};

/** Replaces the library's lists in the bundle, after seeing that what replaces them gives the same words. */
export const compactWordLists = {
  name: "compact-word-lists",
  setup(build) {
    build.onLoad({ filter: /bip39[\\/]wordlists[\\/](english|simplified-chinese)\.js$/ }, async ({ path }) => {
      const name = path.match(/([a-z-]+)\.js$/)[1];
      const { wordlist } = await import(pathToFileURL(path));
      const contents = modules[name](wordlist);
      const made = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(contents)}`);
      if (JSON.stringify(made.wordlist) !== JSON.stringify([...wordlist])) throw new Error(`The compact ${name} list is not the list.`);
      return { contents, loader: "js" };
    });
  },
};
