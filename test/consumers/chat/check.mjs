// Whether @huggingface/jinja still makes the golden texts of test/Decant.Tests/Golden/chat, but for those that Jinja2 corrected.
//   npm install --prefix peer @huggingface/jinja
//   node test/consumers/chat/check.mjs peer
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { render } from "../../Decant.Tests/Golden/chat/rendered.mjs";

const golden = join(dirname(fileURLToPath(import.meta.url)), "../../Decant.Tests/Golden/chat");
const read = (name) => JSON.parse(readFileSync(join(golden, name), "utf8"));
const corrected = new Set(read("differences.json").map(([file, index]) => `${file} ${index}`));
const [expected, made] = [read("rendered.json"), await render(process.argv[2])];
let [count, wrong] = [0, 0];
for (const [file, texts] of Object.entries(expected)) {
  texts.forEach((text, index) => {
    if (corrected.has(`${file} ${index}`)) return;
    count++;
    if (made[file][index] === text) return;
    wrong++;
    console.error(`${file}, ${index}: expected ${JSON.stringify(text)}, came ${JSON.stringify(made[file][index])}`);
  });
}
console.log(`${count} texts compared, ${wrong} differ; ${corrected.size} were corrected by Jinja2 and are left out`);
process.exit(wrong === 0 && count > 0 ? 0 : 1);
