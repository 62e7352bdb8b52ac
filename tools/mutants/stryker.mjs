// Reads a program, and writes it as StrykerJS changes it: each mutant's line, and the whole of it.
import { readFileSync } from "node:fs";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const source = readFileSync(0, "utf8");
const lines = source.split(/(?<=\n)/);
const silent = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
// What an error says to people is left.
const spoken = { shouldIgnore: (path) => (isSpoken(path) ? "spoken" : undefined) };

const isSpoken = (path) =>
  path.parentPath?.isNewExpression() &&
  (path.isStringLiteral() || path.isTemplateLiteral()) &&
  source.slice(path.node.start, path.node.end).includes(" ");

const offset = ({ line, column }) => lines.slice(0, line).join("").length + column;
const mutated = ({ location: { start, end }, replacement }) =>
  source.slice(0, offset(start)) + replacement + source.slice(offset(end));

const { mutants } = await new Instrumenter(silent).instrument(
  [{ name: "program.js", mutate: true, content: source }],
  { plugins: null, excludedMutations: [], ignorers: [spoken] },
);
const tried = mutants.filter(({ status }) => status !== "Ignored");
const said = tried.map((mutant) => [mutant.location.start.line + 1, mutated(mutant)]);
process.stdout.write(JSON.stringify(said));
