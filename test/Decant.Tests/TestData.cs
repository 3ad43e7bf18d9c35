namespace Decant.Tests;

/// <summary>Finds the larger data sets that some tests measure against; they are not part of the repository. What is small enough stands in <see cref="RealData"/>.</summary>
internal static class TestData
{
    /// <summary>The path of a file or folder of the data, or null: in <c>DECANT_DATA</c>, or in <c>shared/data</c> beside a folder above the tests.</summary>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("DECANT_DATA") is { Length: > 0 } chosen) return Existing(Path.Combine(chosen, name));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Existing(Path.Combine(folder.FullName, "shared", "data", name)) is { } path) return path;
        return null;
    }

    /// <summary>The same path; skips the test where there is none.</summary>
    public static string Need(string name)
    {
        var path = Find(name);
        Assert.SkipWhen(path is null, $"'{name}' is not there; set DECANT_DATA to the folder of the data sets.");
        return path;
    }

    private static string? Existing(string path) => File.Exists(path) || Directory.Exists(path) ? path : null;
}

/// <summary>Excerpts of published data and small published models, which are part of the repository.</summary>
internal static class RealData
{
    /// <summary>The path of a file or folder of it.</summary>
    public static string Find(string name) => Path.Combine(AppContext.BaseDirectory, "RealData", name);
}

/// <summary>A folder of its own for a test's files.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("decant-test-").FullName;

    public string Write(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
