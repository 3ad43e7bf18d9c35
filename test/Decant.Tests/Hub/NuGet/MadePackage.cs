using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Decant.Tests.Hub.NuGet;

/// <summary>A folder of packages that <c>dotnet restore</c> takes for a source, and a NuGet.config that names it alone: no network is asked.</summary>
public sealed class MadePackage : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MadePackage()
    {
        foreach (var name in new[] { "feed", "packages", "cache" })
            Directory.CreateDirectory(Path.Combine(_folder.Path, name));
        _folder.Write("NuGet.config", """
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources><clear /><add key="made" value="feed" /></packageSources>
              <config><clear /></config>
            </configuration>
            """);
    }

    /// <summary>The folder with the NuGet.config.</summary>
    public string Settings => _folder.Path;

    /// <summary>Where packages are unpacked.</summary>
    public string Packages => Path.Combine(_folder.Path, "packages");

    /// <summary>Where imported models are kept.</summary>
    public string Cache => Path.Combine(_folder.Path, "cache");

    /// <summary>Puts a package into the source.</summary>
    public void Add(string id, string version, params (string Path, byte[] Content)[] files)
    {
        using var zip = ZipFile.Open(Path.Combine(_folder.Path, "feed", $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        Put(zip, $"{id}.nuspec", System.Text.Encoding.UTF8.GetBytes(
            $"""<?xml version="1.0"?><package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>{id}</id><version>{version}</version><authors>a</authors><description>d</description></metadata></package>"""));
        foreach (var (path, content) in files)
            Put(zip, path, content);
    }

    /// <summary>An assembly with embedded files, whose code would throw if it ran.</summary>
    public static byte[] Assembly(params (string Name, byte[] Content)[] resources)
    {
        var tree = CSharpSyntaxTree.ParseText("static class Starts { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Run() => throw new System.InvalidOperationException(); }");
        var compilation = CSharpCompilation.Create("Made", [tree], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream, manifestResources: resources.Select(r => new ResourceDescription(r.Name, () => new MemoryStream(r.Content), isPublic: true)));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return stream.ToArray();
    }

    public void Dispose() => _folder.Dispose();

    private static void Put(ZipArchive zip, string path, byte[] content)
    {
        using var stream = zip.CreateEntry(path).Open();
        stream.Write(content);
    }
}
