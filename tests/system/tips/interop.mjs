// Runs the jobs in a file with FiloSottile's age-encryption, and writes what came of each:
// node interop.mjs FOLDER_OF_NODE_MODULES JOBS.json ANSWERS.json
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, jobsPath, answersPath] = process.argv.slice(2);
const load = (...path) => import(pathToFileURL(resolve(join(modules, ...path))).href);
const { Decrypter, Encrypter, armor } = await load("age-encryption", "dist", "index.js");
const octets = (path) => new Uint8Array(readFileSync(path));

const WORK = {
  async seal({ from, to, recipients }) {
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    writeFileSync(to, await encrypter.encrypt(octets(from)));
    return "sealed";
  },
  async open({ from, identity }) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const plaintext = await decrypter.decrypt(octets(from));
    return createHash("sha256").update(plaintext).digest("hex");
  },
  async lock({ from, to, passphrase, workFactor }) {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(workFactor);
    writeFileSync(to, armor.encode(await encrypter.encrypt(octets(from))));
    return "locked";
  },
  async unlock({ from, passphrase }) {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const plaintext = await decrypter.decrypt(armor.decode(readFileSync(from, "utf8")));
    return createHash("sha256").update(plaintext).digest("hex");
  },
  async vectors({ to }) {
    const found = Object.entries(await load("cctv-age", "index.js"));
    const texts = found.map(([name, vector]) => [name, Buffer.from(vector).toString("base64")]);
    writeFileSync(to, JSON.stringify(Object.fromEntries(texts)));
    return "written";
  },
};

const answers = {};
for (const { name, work, ...job } of JSON.parse(readFileSync(jobsPath, "utf8"))) {
  try {
    answers[name] = await WORK[work](job);
  } catch (error) {
    answers[name] = `error: ${error.message}`;
  }
}
writeFileSync(answersPath, JSON.stringify(answers));
