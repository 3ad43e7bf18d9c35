#!/usr/bin/env bash
# Packs the libraries and the tool, looks into the packages, installs the tool from them, distils a small student with it and writes a C# project around that. Needs a bridge: run ./decant doctor first.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
projects=(Decant.Core Decant.Text Decant.Inference Decant.Serving Decant.Torch Decant Decant.LLama Decant.Runs Decant.Cli) # under src/, each with its package of the same name; the tool is the last
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for project in "${projects[@]}"; do
  dotnet pack "$root/src/$project" -c Release -o "$work" -v quiet --nologo -nodeReuse:false
done

holds() {
  local package=$1 file
  shift
  for file in "$@"; do
    unzip -Z1 "$work/$package" | grep -qxF "$file" || { echo "$package lacks $file" >&2; exit 1; }
  done
}
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
holds "Decant.Torch.$version.nupkg" README.md LICENSE lib/net10.0/Decant.Torch.dll lib/net10.0/Decant.Torch.xml contentFiles/any/any/native/{bridge.cpp,probe.cpp,probe_checks.cpp,decant.h,CMakeLists.txt,bridge.sh}
for library in Decant.Core Decant.Text Decant.Inference Decant.Serving Decant Decant.LLama Decant.Runs; do
  holds "$library.$version.nupkg" README.md LICENSE lib/net10.0/$library.{dll,xml}
done
holds "Decant.Cli.$version.nupkg" README.md LICENSE tools/net10.0/any/{Decant.Cli.dll,Decant.LLama.dll,runtimes/linux-x64/native/avx2/libllama.so,recipes/quickstart.yaml,native/bridge.sh,native/bridge.cpp}

# The tool's package holds all that it needs: no other source is asked, and the folder of packages is a new one, since the user's may hold this version from another day.
cat >"$work/nuget.config" <<END
<configuration><packageSources><clear /><add key="packed" value="$work" /></packageSources></configuration>
END
NUGET_PACKAGES=$work/cache dotnet tool install Decant.Cli --version "$version" --tool-path "$work/tool" --configfile "$work/nuget.config"
export DECANT_BRIDGE=${DECANT_BRIDGE:-$root/native/build/current/libdecant_bridge.so}
decant=$work/tool/decant
cd "$work"
"$decant" --help >/dev/null
"$decant" recipes | grep -q quickstart
"$decant" doctor

# 200 sentences of SST-2 teach a student; it takes seconds.
cat >"$work/small.yaml" <<END
name: small
task: classification
seed: 1
threads: 1
data:
  train: { kind: labelled-lines, file: $root/test/Decant.Tests/RealData/sst2/stsa.binary.train }
  test: { kind: labelled-lines, file: $root/test/Decant.Tests/RealData/sst2/stsa.binary.test }
input:
  kind: text
  tokenizer: { kind: wordpiece, vocabulary: 500 }
  max-tokens: 24
teacher:
  model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }
  train: { epochs: 1, batch: 16, optimizer: { kind: adamw, learning-rate: 5e-3 } }
student:
  model: { kind: textcnn, embedding: 8, filters: 4 }
distill:
  epochs: 1
  batch: 16
  optimizer: { kind: adamw, learning-rate: 5e-3 }
  objectives:
    - { kind: soft-targets, temperature: 2 }
evaluate: { bootstrap: 100, latency-runs: 0 }
END
"$decant" distill "$work/small.yaml" --out "$work/run" --quiet
for file in report.html summary.json student/model.safetensors student/config.json; do
  [ -s "$work/run/$file" ] || { echo "the run of the packed tool left no $file" >&2; exit 1; }
done
head -200 "$root/test/Decant.Tests/RealData/sst2/stsa.binary.test" | cut -c3- >"$work/texts"
"$root/test/csharp.sh" "$work/run" "$work/texts" "$work" "$decant"
echo "The packages are right."
