namespace Decant.Hub.NuGet;

/// <summary>A file in a package: one of its own, or one that is embedded in an assembly.</summary>
/// <param name="File">The file on the disk: itself, or the assembly.</param>
/// <param name="Name">Its path in the package with '/', or the name of the resource.</param>
/// <param name="Resource">The name of the resource in the assembly; null: it is a file of its own.</param>
internal sealed record PackagePart(string File, string Name, string? Resource)
{
    /// <summary>Where the last part of the name, which the file is called, begins: behind a '/', and in a resource behind the dot before its last two parts.</summary>
    public string ShortName => Name[Home.Length..];

    /// <summary>What stands before the short name: parts with the same belong together.</summary>
    public string Home => Resource is null ? Name[..(Name.LastIndexOf('/') + 1)] : Name[..(Name.LastIndexOf('.', Math.Max(0, Name.LastIndexOf('.') - 1)) + 1)];

    /// <summary>Writes it to a file.</summary>
    /// <exception cref="DecantException">The assembly is damaged.</exception>
    public void CopyTo(string path)
    {
        if (Resource is null)
            System.IO.File.Copy(File, path);
        else
            AssemblyResources.Copy(File, Resource, path);
    }

    /// <summary>Whether a user who wrote this means it: its name, or the end of its name behind a '/' or a dot.</summary>
    public bool IsMeant(string written) =>
        Name.Equals(written, StringComparison.OrdinalIgnoreCase) || Name.EndsWith("/" + written, StringComparison.OrdinalIgnoreCase) || (Resource is not null && Name.EndsWith("." + written, StringComparison.OrdinalIgnoreCase));
}
