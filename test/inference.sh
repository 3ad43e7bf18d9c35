#!/usr/bin/env bash
# Compiles samples/Classify ahead of time and measures it: the size of all it needs, the time to its first answer, the time of a text, in float32 and int8.
#   test/inference.sh [FOLDER]
# FOLDER is an exported classifier of texts, such as the student of a run that exports; without one a small student is distilled and exported first, which needs a bridge (./decant doctor).
# Needs gcc and the headers of zlib. With the right to it (root, or CAP_SYS_NICE) the times are taken before other processes' turns: chrt -r 10.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C
most_megabytes=60 most_microseconds=100
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
texts=$root/test/Decant.Tests/RealData/sst2/stsa.binary.test

model=${1:-}
if [ -z "$model" ]; then
  cat >"$work/small.yaml" <<END
name: small
task: classification
seed: 1
threads: 1
data:
  train: { kind: labelled-lines, file: $root/test/Decant.Tests/RealData/sst2/stsa.binary.train }
  test: { kind: labelled-lines, file: $texts }
input:
  kind: text
  tokenizer: { kind: wordpiece, vocabulary: 2000 }
  max-tokens: 64
teacher:
  model: { kind: encoder, layers: 1, hidden: 32, heads: 2 }
  train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 5e-3 } }
student:
  model: { kind: textcnn, embedding: 64, filters: 32 }
distill:
  epochs: 1
  batch: 16
  optimizer: { kind: adamw, learning-rate: 5e-3 }
  objectives:
    - { kind: soft-targets, temperature: 2 }
evaluate: { bootstrap: 100, latency-runs: 0 }
END
  "$root/decant" distill "$work/small.yaml" --out "$work/run" --quiet
  "$root/decant" export "$work/run/student" --to onnx --quantize int8 --out "$work/model"
  model=$work/model
fi

case $(uname -m) in x86_64) machine=linux-x64 ;; aarch64) machine=linux-arm64 ;; *) echo "Compiling for $(uname -m) is not tried here." >&2; exit 1 ;; esac
dotnet publish "$root/samples/Classify" -c Release -r "$machine" -p:CppCompilerAndLinker=gcc -o "$work/program" -v quiet --nologo -nodeReuse:false
program=$work/program/Classify
bytes=$(($(du -sb "$work/program" | cut -f1) + $(find "$model" -maxdepth 1 -type f ! -name '*.safetensors' -exec stat -c %s {} + | awk '{ sum += $1 } END { print sum }') + $(du -sb "$model/onnx" | cut -f1)))
awk -v bytes="$bytes" -v own="$(stat -c %s "$program")" -v most=$most_megabytes 'BEGIN {
  printf "size: %.1f MB with the model, of which the program %.1f MB\n", bytes / 1e6, own / 1e6
  if (bytes / 1e6 >= most) { printf "expected less than %d MB\n", most > "/dev/stderr"; exit 1 } }'

lines=$work/lines.txt
head -200 "$texts" | cut -c3- >"$lines"
first=$(chrt -r 10 true 2>/dev/null && echo "chrt -r 10") || true
for form in "" quantized; do
  [ -z "$form" ] || [ -f "$model/onnx/model_$form.onnx" ] || continue
  option=${form:+--form $form} name=${form:+int8}
  $first "$program" "$model" $option "one text" >/dev/null # from a cold disk
  for _ in 1 2 3 4 5 6 7 8 9; do
    start=$(date +%s%N)
    $first "$program" "$model" $option "one text" >/dev/null
    echo $((($(date +%s%N) - start) / 1000))
  done | sort -n | sed -n 5p | awk -v form="${name:-float32}" '{ printf "%s: from the start of the program to the end of its first answer: %.1f ms (median of 9)\n", form, $1 / 1000 }'

  answers=$($first "$program" "$model" $option --time <"$lines" 2>"$work/time")
  [ "$(wc -l <<<"$answers")" = "$(wc -l <"$lines")" ] || { echo "expected an answer to each of $(wc -l <"$lines") lines, came $(wc -l <<<"$answers")" >&2; exit 1; }
  echo "${name:-float32}: $(cat "$work/time")"
  awk -v most=$most_microseconds '{ for (i = 1; i < NF; i++) if ($i == "p50") { found = 1; if ($(i + 1) >= most) { printf "expected a p50 below %d µs\n", most > "/dev/stderr"; exit 1 } } } END { exit !found }' "$work/time"
done
echo "The sample compiled ahead of time is right."
