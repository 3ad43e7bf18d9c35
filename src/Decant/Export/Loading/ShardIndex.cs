using System.Text.Json;
using Decant.Export.Tensors;
using Decant.Files;

namespace Decant.Export.Loading;

/// <summary>Which file of several holds which tensor: Hugging Face's <c>….index.json</c>.</summary>
internal sealed class ShardIndex
{
    private const int Shown = 5;

    private readonly string _path;
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    private ShardIndex(string path) => _path = path;

    /// <summary>The shards' full paths, in order.</summary>
    public IReadOnlyList<string> Files => [.. _files.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <exception cref="DecantException">It cannot be read, is no such JSON, or names a file outside of its folder.</exception>
    public static ShardIndex Read(string path)
    {
        var index = new ShardIndex(path);
        try
        {
            PlaceholderFile.Refuse(path);
            index.Read(RegularFile.Bytes(path, RegularFile.MostSettings));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new DecantException($"{path} is no index of shards: {error.Message}. Download it again.", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }

        return index;
    }

    /// <summary>Refuses an index of which shards are missing: all of them at once, with what they should hold.</summary>
    /// <exception cref="DecantException">Some are missing.</exception>
    public void CheckFiles()
    {
        var missing = Files.Where(f => !File.Exists(f)).ToList();
        if (missing.Count == 0)
            return;
        var lines = missing.Select(file => $"{Path.GetFileName(file)}, which should hold {Some([.. _files.Where(f => f.Value == file).Select(f => f.Key)])}");
        throw new DecantException(
            $"{_path} names {Files.Count} files, of which {missing.Count} {(missing.Count == 1 ? "is" : "are")} missing in its folder. Download what is missing:\n  " +
            string.Join("\n  ", lines.Take(20).Append(missing.Count > 20 ? $"… {missing.Count} in all" : "").Where(l => l.Length > 0)));
    }

    /// <summary>Which opened file each tensor is taken from: the one that the index says; a tensor that it does not name comes from where it is.</summary>
    /// <exception cref="DecantException">A shard lacks a tensor that the index names, or two have one that it does not name.</exception>
    public IReadOnlyDictionary<string, IWeightSource> Owners(IReadOnlyList<IWeightSource> sources)
    {
        var byPath = sources.ToDictionary(s => s.Path, StringComparer.Ordinal);
        var lacking = _files.Where(f => !byPath[f.Value].Tensors.ContainsKey(f.Key)).ToList();
        if (lacking.Count > 0)
        {
            throw new DecantException(
                $"{_path} names tensors that its files lack: {Some([.. lacking.Select(l => $"{l.Key} in {Path.GetFileName(l.Value)}")])}. Index and files are not of one download.");
        }

        var owners = _files.ToDictionary(f => f.Key, f => byPath[f.Value], StringComparer.Ordinal);
        foreach (var (source, name) in sources.SelectMany(s => s.Tensors.Keys.Where(n => !_files.ContainsKey(n)).Select(n => (s, n))))
        {
            if (!owners.TryAdd(name, source))
                throw new DecantException($"{_path} does not name the tensor '{name}', and several of its files have it.");
        }

        return owners;
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var found = false;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var isMap = reader.ValueTextEquals("weight_map");
            Next(ref reader);
            if (!isMap)
                reader.Skip();
            else if (found || reader.TokenType != JsonTokenType.StartObject)
                throw new FormatException("weight_map is there twice, or is no object");
            else
                ReadMap(ref reader);
            found |= isMap;
        }

        if (_files.Count == 0)
            throw new FormatException("there is no weight_map with names of tensors and files");
    }

    private void ReadMap(ref Utf8JsonReader reader)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String);
            var file = reader.GetString()!;
            if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || file.Contains(':', StringComparison.Ordinal))
                throw new FormatException($"'{file}' for the tensor '{name}' is not the plain name of a file in its folder");
            if (!_files.TryAdd(name, Path.Combine(folder, file)))
                throw new FormatException($"the tensor '{name}' is there twice");
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new FormatException("it breaks off");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (Next(ref reader) != expected)
            throw new FormatException($"a {expected} is expected, a {reader.TokenType} came");
    }

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
