#!/usr/bin/env bash
# Packs the libraries and the tool, looks into the packages, installs the tool from them and runs it. Needs a bridge: run ./decant doctor first.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for project in Decant.Torch Decant Decant.Cli; do
  dotnet pack "$root/src/$project" -c Release -o "$work" -v quiet -nodeReuse:false
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
holds "Decant.$version.nupkg" README.md LICENSE lib/net10.0/Decant.dll lib/net10.0/Decant.xml
holds "Decant.Cli.$version.nupkg" README.md LICENSE tools/net10.0/any/{Decant.Cli.dll,recipes/quickstart.yaml,native/bridge.sh,native/bridge.cpp}

cat >"$work/nuget.config" <<END
<configuration><packageSources><clear /><add key="packed" value="$work" /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" /></packageSources></configuration>
END
export NUGET_PACKAGES=$work/cache
dotnet tool install Decant.Cli --version "$version" --tool-path "$work/tool" --configfile "$work/nuget.config"
cd "$work"
"$work/tool/decant" --help >/dev/null
"$work/tool/decant" recipes | grep -q quickstart
DECANT_BRIDGE=${DECANT_BRIDGE:-$root/native/build/current/libdecant_bridge.so} "$work/tool/decant" doctor
echo "The packages are right."
