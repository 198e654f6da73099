// Looks for what must not be there: texts and bytes, in every form in which programs are likely to keep them, many at once, in files
// and in the memory of a process.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const PIECE_IN_BYTES = 1 << 20;

/** What base64 makes of bytes wherever they begin in a longer text: of the three places in a group, what no neighbour changes. */
function base64(bytes) {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const kept = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [kept, kept.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const hex = (bytes) => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()];

/** The forms of a text or of bytes, by name: as they are, as UTF-16, percent-encoded, in JSON, in base64, in hex, and these as UTF-16. */
export function formsOf(secret) {
  const isText = typeof secret === 'string';
  const bytes = Buffer.from(secret);
  const wide = isText ? [Buffer.from(secret, 'utf16le')] : [];
  const spelt = {
    base64: [bytes, ...wide].flatMap(base64),
    hex: [bytes, ...wide].flatMap(hex),
    percent: isText ? [encodeURIComponent(secret), encodeURIComponent(secret).replaceAll('%20', '+')] : [],
    json: isText ? [secret.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)] : [],
  };
  const forms = [['bytes', bytes], ...wide.map((text) => ['UTF-16', text])];
  for (const [form, texts] of Object.entries(spelt)) {
    for (const text of new Set(texts)) if (text !== secret) forms.push([form, Buffer.from(text)], [`${form}, UTF-16`, Buffer.from(text, 'utf16le')]);
  }
  return forms;
}

const BETWEEN_WORDS = [' ', '\n', '\t', '\0', ',', ', ', '","', "','", '+', '-', ''];

/** So many words that follow one another, of each place in a codename, however they are strung together: a list for each place. */
export const phrases = (words, length) =>
  words.slice(length - 1).map((_, n) => BETWEEN_WORDS.map((between) => words.slice(n, n + length).join(between)));

const KEY_IN_BYTES = 4;
const FILTER_BITS = 20;
const slot = (key) => Math.imul(key, 0x9e3779b1) >>> (32 - FILTER_BITS);

/**
 * Looks for all of `secrets` ({name: text or bytes, or a list of them}) at once: `in(bytes)` is the set of "name (form)" that are in
 * them. Every position is looked up by four bytes: as fast for a thousand forms as for one.
 */
export function searcher(secrets) {
  const byKey = new Map();
  const filter = new Uint8Array(1 << FILTER_BITS);
  let longest = 0;
  for (const [name, some] of Object.entries(secrets)) {
    for (const secret of [some].flat()) {
      if (secret.length < 6) throw new Error(`${name} is too short to be looked for`);
      for (const [form, bytes] of formsOf(secret)) {
        const key = bytes.readInt32LE(0);
        filter[slot(key)] = 1;
        byKey.set(key, [...(byKey.get(key) ?? []), { said: `${name} (${form})`, bytes }]);
        longest = Math.max(longest, bytes.length);
      }
    }
  }
  return {
    overlap: longest - 1,
    in(bytes) {
      const found = new Set();
      let key = 0;
      for (let at = 0; at < bytes.length; at++) {
        key = (key >>> 8) | (bytes[at] << 24);
        if (filter[slot(key)] === 0) continue;
        const start = at + 1 - KEY_IN_BYTES;
        for (const { said, bytes: wanted } of byKey.get(key) ?? []) {
          if (start >= 0 && bytes.length - start >= wanted.length && wanted.equals(bytes.subarray(start, start + wanted.length))) found.add(said);
        }
      }
      return found;
    },
  };
}

const LZ4_MAGIC = Buffer.from('mozLz40\0');

/** What a session file of Firefox holds: eight bytes, the length, and one LZ4 block. */
function unpacked(file) {
  if (!file.subarray(0, LZ4_MAGIC.length).equals(LZ4_MAGIC)) return file;
  const out = Buffer.alloc(file.readUInt32LE(8));
  let at = 12;
  let to = 0;
  const length = (nibble) => {
    let sum = nibble;
    for (let byte = 255; byte === 255 && nibble === 15; sum += byte) byte = file[at++];
    return sum;
  };
  while (at < file.length) {
    const token = file[at++];
    const literals = length(token >> 4);
    file.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at >= file.length) break;
    const from = to - file.readUInt16LE(at);
    at += 2;
    const end = to + length(token & 15) + 4;
    for (let i = from; to < end; i++) out[to++] = out[i]; // may run into what it writes
  }
  return out;
}

/** "file: name (form)" of all that is found in the files below a folder, and in their names. */
export async function foundInFiles(folder, search) {
  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    // One that goes or grows while it is read is read again next time.
    const bytes = entry.isFile() ? unpacked(await readFile(file).catch(() => Buffer.alloc(0))) : Buffer.alloc(0);
    const here = path.relative(folder, file);
    for (const said of new Set([...search.in(bytes), ...search.in(Buffer.from(here))])) found.push(`${here}: ${said}`);
  }
  return found.sort();
}

/**
 * What is found in the memory of a process: all of it that can be read but for what lies unchanged in a program's file; a core dump
 * has no more. The process stands still meanwhile, so that nothing moves from where it is yet to be looked for.
 */
export function foundInMemory(pid, search) {
  const found = new Set();
  let sizeInBytes = 0;
  const piece = Buffer.alloc(PIECE_IN_BYTES);
  process.kill(pid, 'SIGSTOP');
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
      const [, from, to, mode, inode] = /^([0-9a-f]+)-([0-9a-f]+) r(..). \S+ \S+ (\d+)/.exec(line) ?? [];
      if (!from || (mode[0] === '-' && inode !== '0')) continue;
      const end = BigInt(`0x${to}`);
      // Pieces overlap: a text may lie across two.
      for (let at = BigInt(`0x${from}`); at < end; at += BigInt(piece.length - search.overlap)) {
        let read = 0;
        try {
          read = readSync(memory, piece, 0, Number(end - at < BigInt(piece.length) ? end - at : BigInt(piece.length)), at);
        } catch {
          continue; // not backed by anything
        }
        sizeInBytes += read;
        for (const said of search.in(piece.subarray(0, read))) found.add(said);
      }
    }
  } finally {
    closeSync(memory);
    process.kill(pid, 'SIGCONT');
  }
  return { found: [...found].sort(), sizeInBytes };
}
