using System.Security.Cryptography;
using System.Text.Json;
using Decant.Files;

namespace Decant.Training.Checkpoints;

/// <summary>What a checkpoint's folder must hold, to the byte.</summary>
internal sealed record CheckpointManifest
{
    public const string Name = "manifest.json";

    /// <summary>The form of checkpoints that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required IReadOnlyList<ManifestEntry> Files { get; init; }

    /// <summary>Reads a folder's manifest and holds every file to it.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="needed">Files that must be among them.</param>
    /// <exception cref="InvalidDataException">What is wrong, in words that go on after the folder's name.</exception>
    public static void Verify(string folder, IEnumerable<string> needed)
    {
        var manifest = Read(folder);
        if (manifest.Format != CurrentFormat)
            throw new InvalidDataException($"it has format {manifest.Format}, and this version reads format {CurrentFormat}");
        if (needed.FirstOrDefault(n => manifest.Files.All(f => f.Name != n)) is { } missing)
            throw new InvalidDataException($"its {Name} does not name {missing}");
        foreach (var entry in manifest.Files)
            entry.Verify(folder);
    }

    private static CheckpointManifest Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!Path.Exists(path))
            throw new InvalidDataException($"{Name} is missing");
        try
        {
            return JsonContent.Read<CheckpointManifest>(path, CheckpointReading.Options) ?? throw new InvalidDataException($"{Name} says nothing");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{Name} is damaged ({error.Message})", error);
        }
    }
}

/// <summary>One file of a checkpoint.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, 64 hexadecimal digits in lower case.</param>
internal sealed record ManifestEntry(string Name, long Size, string Sha256)
{
    public void Verify(string folder)
    {
        if (string.IsNullOrEmpty(Name) || Name != Path.GetFileName(Name))
            throw new InvalidDataException($"{CheckpointManifest.Name} names '{Name}', which is no file of a checkpoint");
        var file = new FileInfo(Path.Combine(folder, Name));
        if (!file.Exists)
            throw new InvalidDataException($"{Name} is missing");
        if (file.Length != Size)
            throw new InvalidDataException($"{Name} has {file.Length} bytes instead of {Size}");
        using var stream = RegularFile.Open(file.FullName);
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != Sha256)
            throw new InvalidDataException($"{Name} is damaged: its SHA-256 is not the one in {CheckpointManifest.Name}");
    }
}
