// A small command line over typage, driven by the C# tests.
//   node typage.mjs recipient IDENTITY_FILE            prints the recipient
//   node typage.mjs seal RECIPIENTS_FILE               stdin to stdout, recipients one a line
//   node typage.mjs open IDENTITY_FILE                 stdin to stdout
//   node typage.mjs seal-passphrase PASSPHRASE_FILE    stdin to stdout
//   node typage.mjs open-passphrase PASSPHRASE_FILE    stdin to stdout
// Secrets come in files: arguments can be seen by every process of the machine.
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

const [command, file] = process.argv.slice(2);
const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const input = () => new Uint8Array(readFileSync(0));

async function run() {
  switch (command) {
    case "recipient":
      return new TextEncoder().encode(await identityToRecipient(lines[0]));
    case "seal": {
      const encrypter = new Encrypter();
      lines.forEach((recipient) => encrypter.addRecipient(recipient));
      return encrypter.encrypt(input());
    }
    case "open": {
      const decrypter = new Decrypter();
      lines.forEach((identity) => decrypter.addIdentity(identity));
      return decrypter.decrypt(input());
    }
    case "seal-passphrase": {
      const encrypter = new Encrypter();
      encrypter.setScryptWorkFactor(12);
      encrypter.setPassphrase(lines[0]);
      return encrypter.encrypt(input());
    }
    case "open-passphrase": {
      const decrypter = new Decrypter();
      decrypter.addPassphrase(lines[0]);
      return decrypter.decrypt(input());
    }
    default:
      throw new Error(`unknown command ${command}`);
  }
}

try {
  writeFileSync(1, await run());
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
