// Texts that stand nowhere else in the world, for every place of a conversation into which a person or a browser puts something.
import { randomBytes, randomInt } from 'node:crypto';

const latin = () => randomBytes(9).toString('hex');
/** Eight of the 20,901 signs of the first block of Han. */
const han = () => String.fromCodePoint(...Array.from({ length: 8 }, () => 0x4e00 + randomInt(20_901)));

/** An address of those kept for documentation (RFC 3849): its text as everybody spells it, and its 16 bytes. */
function address() {
  const groups = ['2001', 'db8', ...Array.from({ length: 6 }, () => randomInt(0x1000, 0x10000).toString(16))];
  return { text: groups.join(':'), bytes: Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex') };
}

/** One visitor's: `typed` and `headers` are to be sent, and {name: secrets} of both are to be looked for. */
export function sentinels() {
  const secret = Object.fromEntries(['message', 'answer', 'contact', 'fileName', 'content', 'reply', 'followUp'].map((name) => [name, [latin(), han()]]));
  const said = Object.fromEntries(Object.entries(secret).map(([name, [one, other]]) => [name, `Über ${one} – ${other}.`]));
  const [forwardedFor, forwarded] = [address(), address()];
  const sent = { agent: latin(), language: latin(), 'X-Forwarded-For': [forwardedFor.text, forwardedFor.bytes], Forwarded: [forwarded.text, forwarded.bytes] };
  return {
    said: { ...said, fileName: `${said.fileName}txt`, content: Buffer.from(said.content.repeat(200)) },
    headers: {
      'User-Agent': `Mozilla/5.0 (${sent.agent})`, 'Accept-Language': `en, x-${sent.language}`,
      'X-Forwarded-For': `${forwardedFor.text}, 127.0.0.1`, Forwarded: `for="[${forwarded.text}]";proto=https`,
    },
    secret,
    sent,
  };
}
