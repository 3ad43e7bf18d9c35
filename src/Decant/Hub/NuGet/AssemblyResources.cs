using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Decant.Hub.NuGet;

/// <summary>The files that are embedded in an assembly, read without loading it: none of its code runs.</summary>
internal static class AssemblyResources
{
    /// <summary>The names of all; none where the file is no assembly.</summary>
    /// <exception cref="DecantException">It is damaged.</exception>
    public static IReadOnlyList<string> Names(string assembly) => Read(assembly, (_, metadata) =>
        (string[])[.. metadata.ManifestResources.Select(metadata.GetManifestResource).Where(r => r.Implementation.IsNil).Select(r => metadata.GetString(r.Name))]) ?? [];

    /// <summary>Writes one to a file.</summary>
    /// <exception cref="DecantException">There is none of that name, or the assembly is damaged.</exception>
    public static void Copy(string assembly, string name, string path) => _ = Read(assembly, (file, metadata) =>
    {
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).First(r => r.Implementation.IsNil && metadata.StringComparer.Equals(r.Name, name));
        var section = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        var length = section.GetReader(checked((int)resource.Offset), sizeof(int)).ReadInt32(); // stands before the bytes
        var bytes = section.GetReader(checked((int)resource.Offset + sizeof(int)), length);
        using var stream = File.Create(path);
        while (bytes.RemainingBytes > 0)
            stream.Write(bytes.ReadBytes(Math.Min(bytes.RemainingBytes, 1 << 20)));
        return name;
    }) ?? throw new DecantException($"{assembly} is no assembly.");

    private static T? Read<T>(string assembly, Func<PEReader, MetadataReader, T> read) where T : class
    {
        try
        {
            using var file = new PEReader(File.OpenRead(assembly));
            return file.HasMetadata ? read(file, file.GetMetadataReader()) : null;
        }
        catch (Exception error) when (error is BadImageFormatException or OverflowException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new DecantException($"{assembly} is damaged: {error.Message} Remove the package's folder, so that it is fetched again.", inner: error);
        }
    }
}
