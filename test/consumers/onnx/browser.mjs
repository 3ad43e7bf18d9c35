// Whether onnxruntime-web and transformers.js give the same answers in a headless Chromium (WebAssembly, one thread) as in node.
//   node browser.mjs FOLDER PEER [zoo-name-part]      FOLDER has zoo/ and texts/; CHROMIUM names another browser
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { texts } from './texts.mjs';

const FLOAT = 1e-4;
const QUANTIZED = 0.05; // sums of integers are exact; what is between them is rounded as the processor or WebAssembly does
const PATIENCE = 300_000;
const [home, peer, part = ''] = process.argv.slice(2);
const modules = path.join(path.resolve(peer), 'node_modules');
const { pipeline, env } = await import(pathToFileURL(path.join(modules, '@huggingface/transformers/dist/transformers.node.mjs')));
env.localModelPath = path.join(path.resolve(home), 'texts');
env.allowRemoteModels = false;

const asked = [
  { task: 'feature-extraction', name: 'feature-extraction-minilm', dtype: 'int8', options: { pooling: 'mean', normalize: true } },
  { task: 'feature-extraction', name: 'feature-extraction-minilm', dtype: 'fp32', options: { pooling: 'mean', normalize: true } },
  { task: 'text-classification', name: 'text-classification-bert', dtype: 'fp32', options: { top_k: null } },
  { task: 'text-classification', name: 'text-classification-bert', dtype: 'q8', options: { top_k: null } },
  { task: 'text-generation', name: 'text-generation-stories', dtype: 'fp32', options: { max_new_tokens: 60, do_sample: false } },
].filter(({ name }) => fs.existsSync(path.join(home, 'texts', name))).map((question) => ({ ...question, texts: texts[question.task] }));
const zoo = fs.readdirSync(path.join(home, 'zoo')).filter((name) => name.includes(part)).sort();

const roots = { '/peer/': modules, '/models/': path.resolve(home), '/consumers/': path.dirname(fileURLToPath(import.meta.url)) };
const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json', '.html': 'text/html' };
const result = await serve();

const faults = result.error ? [result.error] : [];
console.log(`${result.agent}: ${JSON.stringify(result.versions)}`);
const worst = {};
for (const { name, file, difference } of result.differences) {
  const isFloat = path.basename(file) === 'model.onnx';
  if (!(Number(difference) <= (isFloat ? FLOAT : QUANTIZED))) faults.push(`${name}/${file}: ${difference}`);
  if (!(Number(difference) <= (worst[path.basename(file)]?.[0] ?? -1))) worst[path.basename(file)] = [Number(difference), name];
}
for (const [file, [difference, name]] of Object.entries(worst)) console.log(`onnxruntime-web, ${zoo.length} models, ${file}: largest difference ${difference.toExponential(1)} (${name})`);
for (const { task, name, dtype, answers } of result.answers) {
  const run = await pipeline(task, name, { dtype });
  const question = asked.find((q) => q.name === name && q.dtype === dtype);
  let difference = 0;
  for (let i = 0; i < answers.length; i++) {
    const answer = await run(question.texts[i], question.options);
    difference = Math.max(difference, distance(answer.data ? Array.from(answer.data) : answer, answers[i]));
  }
  console.log(`${name} ${dtype}: differs from node by ${difference.toExponential(1)}`);
  if (!(difference <= (dtype === 'fp32' ? FLOAT : QUANTIZED))) faults.push(`${name} ${dtype}: ${difference}`);
}
if (result.answers.length !== asked.length) faults.push(`${asked.length} pipelines asked, ${result.answers.length} answered`);
console.log(faults.length ? `FAULTS\n  ${faults.join('\n  ')}` : 'all alike');
process.exit(faults.length ? 1 : 0);

// Vectors, labels with scores, or texts.
function distance(left, right) {
  if (typeof left[0] === 'number') return left.length === right.length ? Math.max(...left.map((x, i) => Math.abs(x - right[i]))) : NaN;
  if (left[0].label) return Math.max(...left.map(({ label, score }) => Math.abs(score - right.find((r) => r.label === label).score)));
  return JSON.stringify(left) === JSON.stringify(right) ? 0 : NaN;
}

function serve() {
  return new Promise((resolve, reject) => {
    let browser;
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'));
    const finish = (done, value) => {
      server.close();
      const clean = () => {
        fs.rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }, () => done(value)); // its children end a little later
      };
      if (browser?.pid && browser.exitCode === null) browser.once('exit', clean).kill();
      else clean();
    };
    const server = http.createServer((request, response) => {
      const url = new URL(request.url, 'http://localhost');
      if (url.pathname === '/result') {
        const parts = [];
        request.on('data', (p) => parts.push(p)).on('end', () => { response.end(); finish(resolve, JSON.parse(Buffer.concat(parts))); });
        return;
      }
      if (url.pathname === '/questions') return void response.end(JSON.stringify({ zoo, pipelines: asked }));
      const root = Object.keys(roots).find((r) => url.pathname.startsWith(r));
      const file = root && path.join(roots[root], path.normalize('/' + decodeURIComponent(url.pathname.slice(root.length))));
      if (!file || !fs.existsSync(file) || !fs.statSync(file).isFile()) return void response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream', 'Content-Length': fs.statSync(file).size });
      fs.createReadStream(file).pipe(response);
    });
    server.listen(0, '127.0.0.1', () => {
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`];
      browser = spawn(process.env.CHROMIUM ?? 'chromium', [...flags, '--remote-debugging-port=0', `http://127.0.0.1:${server.address().port}/consumers/browser.html`], { stdio: 'ignore' });
      browser.on('error', (error) => finish(reject, error));
      setTimeout(() => finish(reject, new Error(`no answer from the browser within ${PATIENCE / 1000} s`)), PATIENCE).unref();
    });
  });
}
