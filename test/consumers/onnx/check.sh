#!/usr/bin/env bash
# Whether other programs open what Decant exports to ONNX, and give the same answers: onnxruntime-node, the pipelines of transformers.js, onnxruntime-genai, and both of the browser's in Chromium.
#   npm install --prefix peer onnxruntime-node onnxruntime-web @huggingface/transformers @huggingface/tokenizers
#   test/consumers/onnx/check.sh peer [folder]      folder: where the models are written; default: a temporary one
# DECANT_CHECKPOINTS: a folder with stories260K/hf and minilm-l6-f16, which are exported too. CHROMIUM: the browser; where there is none, that part is left out and it says so.
set -eu -o pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
peer=$(cd "${1:?the folder that npm installed the peers to}" && pwd)
out=${2:-$(mktemp -d)}
mkdir -p "$out"
out=$(cd "$out" && pwd)
decant=$root/decant

echo "models → $out"
DECANT_CONSUMERS=$out "$decant" test --filter FullyQualifiedName~ConsumerFolder
[ -d "$out/zoo" ] && [ -d "$out/texts" ] # else the tests were skipped

# A published model is exported as a user does it; its weights lie beside the ONNX files, for `decant predict` and `decant generate`.
export_published() {
  local from=$DECANT_CHECKPOINTS/$1 to=$out/texts/$2
  [ -d "$from" ] || { echo "$from is not there; left out"; return 0; }
  "$decant" export "$from" --out "$to" --quantize int8-dynamic int4 float16
  cp "$from/model.safetensors" "$to/"
}
if [ -n "${DECANT_CHECKPOINTS:-}" ]; then
  export_published stories260K/hf text-generation-stories
  export_published minilm-l6-f16 feature-extraction-minilm
else
  echo "DECANT_CHECKPOINTS is not set: published models are left out"
fi

failed=""
node "$here/sessions.mjs" "$out/zoo" "$peer" || failed="$failed sessions"
node "$here/pipelines.mjs" "$out/texts" "$peer" || failed="$failed pipelines"
for folder in "$out"/texts/text-generation-*; do
  "$decant" generate "$folder" --json --max-tokens 90 --prompt "Once upon a time" --prompt "the cat sat" > "$out/expected.json"
  echo "onnxruntime-genai, $(basename "$folder"):"
  dotnet run --project "$here/GenAi" -c Release -- "$folder" "$out/expected.json" || failed="$failed genai:$(basename "$folder")"
done
if command -v "${CHROMIUM:-chromium}" > /dev/null; then
  node "$here/browser.mjs" "$out" "$peer" || failed="$failed browser"
else
  echo "there is no ${CHROMIUM:-chromium}: the browser is left out"
fi
[ -z "$failed" ] && echo "everything opens and answers alike" || { echo "FAILED:$failed"; exit 1; }
