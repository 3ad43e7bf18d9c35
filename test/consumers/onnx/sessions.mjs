// Whether onnxruntime-node gives the answers that lie beside the exported models of a folder (ConsumerFolderTests writes them), greedy continuations with the cache included.
//   node sessions.mjs ZOO_FOLDER PEER
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { greedy, largestDifference, tensorOf } from './answers.mjs';

const FLOAT = 1e-4; // what the float32 file may differ from libtorch
const QUANTIZED = 0.05; // what a quantized file may differ between two releases of ONNX Runtime: a number on the border between two steps falls to either side

const [zoo, peer] = process.argv.slice(2);
const load = createRequire(path.resolve(peer, 'x.js'));
const ort = load('onnxruntime-node');
const worst = {};
const refused = {};
const faults = [];
let compared = 0;
let tokens = 0;

for (const name of fs.readdirSync(zoo).sort()) {
  const folder = path.join(zoo, name);
  const answers = JSON.parse(fs.readFileSync(path.join(folder, 'answers.json'), 'utf8'));
  for (const [form, why] of Object.entries(answers.refused)) (refused[form] ??= []).push(`${name}: ${why}`);
  for (const [file, expected] of Object.entries(answers.files)) {
    const session = await ort.InferenceSession.create(path.join(folder, file), { intraOpNumThreads: 1 });
    const isFloat = path.basename(file) === 'model.onnx';
    for (let i = 0; i < expected.length; i++) {
      const feeds = Object.fromEntries(Object.entries(answers.inputs[i]).map(([key, value]) => [key, tensorOf(ort, value)]));
      const difference = largestDifference(expected[i], await session.run(feeds));
      compared++;
      const kind = path.basename(file);
      if (!(difference <= (worst[kind]?.difference ?? -1))) worst[kind] = { difference, name, run: i };
      if (!(difference <= (isFloat ? FLOAT : QUANTIZED))) faults.push(`${name}/${file}, run ${i}: ${difference}`);
    }
    if (isFloat && answers.greedy) {
      const came = await greedy(ort, session, answers.greedy.slice(0, 1), answers.greedy.length - 1);
      tokens += came.length - 1;
      if (JSON.stringify(came) !== JSON.stringify(answers.greedy)) faults.push(`${name}: greedy ids ${came} instead of ${answers.greedy}`);
    }
    await session.release();
  }
}
console.log(`onnxruntime-node ${load('onnxruntime-node/package.json').version}: ${compared} runs compared, ${tokens} tokens continued with the cache`);
for (const [kind, { difference, name, run }] of Object.entries(worst)) console.log(`  ${kind}: largest difference ${difference.toExponential(1)} (${name}, run ${run})`);
for (const [form, reasons] of Object.entries(refused)) console.log(`  ${form} refused for ${reasons.length}:\n    ${reasons.join('\n    ')}`);
console.log(faults.length === 0 && compared > 0 ? 'all alike' : `${faults.length} FAULTS\n  ${faults.join('\n  ')}`);
process.exit(faults.length === 0 && compared > 0 ? 0 : 1);
