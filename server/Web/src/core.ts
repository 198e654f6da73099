// What the screens see of everything below them.
export type * from "./types.ts";
export { generateCodename, parseCodename, wordList, words } from "./codename/words.ts";
export { loadDrop } from "./visit/drop.ts";
export { reportSize, uploadSize } from "./report/size.ts";
export { runVisit } from "./visit/visit.ts";
export { hasWhatItNeeds } from "./visit/needs.ts";
