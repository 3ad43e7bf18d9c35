using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Decant.Hub.NuGet;

/// <summary>Downloads a package into the user's package folder as <c>dotnet restore</c> does it: from the sources, with the credentials and the settings of the user's NuGet.config.</summary>
internal static partial class PackageRestore
{
    // A project of nothing but the package. What lies in folders above must not change it: central versions, build targets.
    private const string Project = """
        <Project>
          <PropertyGroup>
            <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
            <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
            <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
          </PropertyGroup>
          <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
          <PropertyGroup>
            <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <UseAppHost>false</UseAppHost>
            <NuGetAudit>false</NuGetAudit>
            <RestoreRootConfigDirectory>{settings}</RestoreRootConfigDirectory>
          </PropertyGroup>
          <ItemGroup>
            <PackageDownload Include="{package}" Version="[{version}]" />
          </ItemGroup>
          <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
        </Project>
        """;

    /// <summary>Downloads it, unless it is there.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="version">Its version, normalized.</param>
    /// <param name="places">Where settings and packages are looked for.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The folders that packages lie in on this machine.</returns>
    /// <exception cref="DecantException">It could not be had: why, and what to do.</exception>
    public static IReadOnlyList<string> Run(string package, string version, PackagePlaces places, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("decant-nuget-");
        try
        {
            var project = Path.Combine(folder.FullName, "package.csproj");
            File.WriteAllText(project, Project.Replace("{settings}", SecurityElement.Escape(places.Settings), StringComparison.Ordinal).Replace("{package}", package, StringComparison.Ordinal).Replace("{version}", version, StringComparison.Ordinal));
            var (code, output) = Start(folder.FullName, project, places, cancellationToken);
            return code == 0 ? FoldersIn(Path.Combine(folder.FullName, "obj", "project.assets.json")) : throw Failed(package, version, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Code, string Output) Start(string folder, string project, PackagePlaces places, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Dotnet(), ["restore", project, "--nologo", "--verbosity", "quiet"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        (start.Environment["DOTNET_CLI_UI_LANGUAGE"], start.Environment["DOTNET_NOLOGO"], start.Environment["MSBUILDDISABLENODEREUSE"]) = ("en", "1", "1");
        if (places.Packages is { } packages)
            start.Environment[PackagePlaces.Variable] = packages;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            using var stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            var (said, faults) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
            process.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            return (process.ExitCode, said.Result + faults.Result);
        }
        catch (Win32Exception error)
        {
            throw new DecantException($"Packages are fetched by the .NET SDK, and {start.FileName} cannot be started: {error.Message} Install the SDK (https://dot.net), or fetch the package elsewhere and copy it into the packages folder.", ExitCodes.Machine, error);
        }
    }

    // The one that this process runs on, where it does.
    private static string Dotnet() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    private static string[] FoldersIn(string assets) => JsonNode.Parse(File.ReadAllText(assets))?["packageFolders"] is JsonObject folders
        ? [.. folders.Select(f => f.Key)]
        : throw new DecantException($"{assets}: 'dotnet restore' left no packageFolders in it.", ExitCodes.Machine);

    /// <summary>What NuGet's output means.</summary>
    internal static DecantException Failed(string package, string version, string output)
    {
        var faults = Fault().Matches(output).Select(m => (Code: m.Groups["code"].Value, Text: m.Groups["text"].Value.Trim())).Distinct().ToArray();
        var first = faults.FirstOrDefault();
        var said = string.Join(" ", faults.Select(f => $"{f.Text} ({f.Code})"));
        return first.Code switch
        {
            "NU1101" => new DecantException($"there is no package '{package}' at the sources of your NuGet.config: {said} Check its name."),
            "NU1102" => new DecantException($"the package '{package}' has no version {version}: {said} Name one that it has."),
            "NU1301" => new DecantException($"the package '{package}' {version} is not on this machine, and its source cannot be reached: {said} Once it has been fetched, no network is needed.", ExitCodes.Machine),
            null => new DecantException($"'dotnet restore' could not fetch the package '{package}' {version}: {Short(output)}", ExitCodes.Machine),
            _ => new DecantException($"'dotnet restore' could not fetch the package '{package}' {version}: {said}", ExitCodes.Machine),
        };
    }

    private static string Short(string output) => output.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 600)] : "it said nothing.";

    [GeneratedRegex(@"error (?<code>[A-Z]+[0-9]+): (?<text>.+?)(?: \[[^\[\]]+proj\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex Fault();
}
