#!/usr/bin/env bash
# Writes a C# project around the student of a run that classifies texts, and uses it as users do: by reference and as a package through another library, built and published. Its answers are those of 'decant predict'.
#   test/csharp.sh RUN TEXTS [FEED [DECANT]]
# TEXTS has a text per line, FEED the packages of Decant (packed anew without it), DECANT is the tool (this clone's without it). Other packages are those that a build of this clone has restored.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
run=$(cd "$1" && pwd) texts=$(realpath "$2") feed=${3:-} decant=${4:-$root/decant}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$feed" ]; then
  feed=$work/feed
  for project in Decant.Core Decant.Text Decant.Inference; do
    dotnet pack "$root/src/$project" -c Release -o "$feed" -v quiet --nologo -nodeReuse:false
  done
fi

kept=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
mkdir "$work/programs"
cd "$work/programs"
cat >nuget.config <<XML
<configuration>
  <packageSources><clear /><add key="packed" value="$feed" /><add key="own" value="$work/own" /><add key="kept" value="$kept" /></packageSources>
  <packageSourceMapping>
    <packageSource key="packed"><package pattern="Decant.*" /></packageSource>
    <packageSource key="own"><package pattern="Contoso.*" /></packageSource>
    <packageSource key="kept"><package pattern="*" /></packageSource>
  </packageSourceMapping>
</configuration>
XML
export NUGET_PACKAGES=$work/cache # no packages of this version from another day
mkdir "$work/own"

"$decant" export "$run" --to csharp --name Contoso.Reviews --out "$work/programs/Reviews"
if "$decant" export "$run" --to csharp --name Contoso.Reviews --out "$work/programs/Reviews" 2>/dev/null; then
  echo "a folder with files was overwritten" >&2
  exit 1
fi

program() { # NAME REFERENCE: a program that classifies the lines of its input
  mkdir "$1"
  cat >"$1/$1.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup>$2</ItemGroup>
</Project>
XML
  cat >"$1/Program.cs" <<'CS'
using Contoso;

Reviews.Load();
var texts = Console.In.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
foreach (var answer in Reviews.Classify(texts))
    Console.WriteLine(Reviews.LabelOf(answer.Label));
CS
}

check() { # WHAT COMMAND…: the program's answers beside those of the student in libtorch, which int8 may change for a text or two
  local what=$1
  shift
  "$@" <"$texts" >"$work/came"
  paste "$work/expected" "$work/came" | awk -F'\t' -v what="$what" '$1 == $2 { same++ } END {
    printf "%s: %d of %d answers are those of decant predict\n", what, same, NR
    exit NR == 0 || same < 0.97 * NR }' || { echo "expected at least 97 %" >&2; exit 1; }
}

"$decant" predict "$run" --file "$texts" | sed -E 's/.*"label": ?"([^"]*)".*/\1/' >"$work/expected"

program Direct '<ProjectReference Include="../Reviews/Contoso.Reviews.csproj" />'
dotnet build Direct -c Release -v quiet --nologo -nodeReuse:false -o "$work/built"
check "built with a reference" dotnet "$work/built/Direct.dll"
dotnet publish Direct -c Release -v quiet --nologo -nodeReuse:false -o "$work/published"
check "published with a reference" dotnet "$work/published/Direct.dll"

dotnet pack Reviews -c Release -o "$work/own" -v quiet --nologo -nodeReuse:false
mkdir Between
cat >Between/Between.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Contoso.Reviews" Version="1.0.0" /></ItemGroup>
</Project>
XML
program Packed '<ProjectReference Include="../Between/Between.csproj" />'
mv Reviews "$work/moved" # the package has all that it needs
dotnet build Packed -c Release -v quiet --nologo -nodeReuse:false -o "$work/built2"
check "built with the package" dotnet "$work/built2/Packed.dll"
dotnet publish Packed -c Release -v quiet --nologo -nodeReuse:false -o "$work/published2"
check "published with the package" dotnet "$work/published2/Packed.dll"
echo "The C# project is right."
