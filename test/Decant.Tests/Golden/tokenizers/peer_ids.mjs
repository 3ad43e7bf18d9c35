// Ids of the package @huggingface/tokenizers, for PeerTokenizerTests.
//   node peer_ids.mjs TOKENIZER_FOLDER TEXTS_JSON NODE_MODULES_PARENT   → a list of lists of ids on the output
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [folder, texts, parent] = process.argv.slice(2);
const { Tokenizer } = createRequire(path.resolve(parent, 'x.js'))('@huggingface/tokenizers');
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const tokenizer = new Tokenizer(read(path.join(folder, 'tokenizer.json')), {});
console.log(JSON.stringify(read(texts).map((text) => Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids))));
