using Decant.Export.Tensors;

namespace Decant.Export.Gguf.Format;

/// <summary>A tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes, rows first.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Offset">Its first byte in the file.</param>
internal sealed record GgufEntry(string Name, IReadOnlyList<long> Shape, GgufType Type, long Offset)
{
    /// <summary>Its bytes.</summary>
    public long Bytes => Type.BytesFor(Shape.Aggregate(1L, (product, size) => product * size));
}

/// <summary>
/// What a GGUF file says of itself: settings and the places of tensors, all of which lie in the file and in whole blocks. It is read with suspicion: what llama.cpp would read
/// beyond the end, or give memory to, is refused here.
/// </summary>
internal sealed class GgufFile
{
    private GgufFile(string path, IReadOnlyDictionary<string, object> settings, IReadOnlyDictionary<string, GgufEntry> tensors, long length) => (Path, Settings, Tensors, Length) = (path, settings, tensors, length);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The settings by key: numbers as <see cref="long"/>, <see cref="ulong"/> or <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, and lists of these.</summary>
    public IReadOnlyDictionary<string, object> Settings { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, GgufEntry> Tensors { get; }

    /// <summary>Its size in bytes.</summary>
    public long Length { get; }

    /// <summary>The architecture, such as <c>llama</c>.</summary>
    public string Architecture => Text("general.architecture") ?? throw Fault("general.architecture is missing: nothing says what model it is");

    /// <summary>Whether a file begins as GGUF files do.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> first = stackalloc byte[4];
            return stream.ReadAtLeast(first, 4, throwOnEndOfStream: false) == 4 && first.SequenceEqual("GGUF"u8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads the head of a file; the numbers of tensors are not read.</summary>
    /// <exception cref="DecantException">It is not there, no GGUF file of version 2 or 3, cut off or damaged: the message says where.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = MappedFile.Open(path);
            var head = GgufHead.Read(file);
            return new GgufFile(path, head.Settings, head.Tensors, file.Length);
        }
        catch (FormatException error)
        {
            throw new DecantException($"{path} is no GGUF file that can be used: {error.Message}. Fetch or export it again.", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message} Expected a GGUF file.", inner: error);
        }
    }

    /// <summary>A text; null: the key is not there.</summary>
    /// <exception cref="DecantException">It is no text.</exception>
    public string? Text(string key) => Find<string>(key, "a text");

    /// <summary>Yes or no; null: the key is not there.</summary>
    /// <exception cref="DecantException">It is neither.</exception>
    public bool? Bool(string key) => Settings.ContainsKey(key) ? Settings[key] is bool yes ? yes : throw Fault($"{key}: expected true or false, came {Shown(Settings[key])}") : null;

    /// <summary>A whole number from 0 to 2³¹ − 1; null: the key is not there.</summary>
    /// <exception cref="DecantException">It is none.</exception>
    public int? Whole(string key) => Settings.TryGetValue(key, out var value) ? value switch
    {
        long number when number is >= 0 and <= int.MaxValue => (int)number,
        ulong number when number <= int.MaxValue => (int)number,
        _ => throw Fault($"{key}: expected a whole number from 0 to {int.MaxValue}, came {Shown(value)}"),
    } : null;

    /// <summary>A list; null: the key is not there.</summary>
    /// <exception cref="DecantException">It is none of this type.</exception>
    public IReadOnlyList<T>? List<T>(string key) => Find<IReadOnlyList<T>>(key, $"a list of {typeof(T).Name}");

    /// <summary>A fault of this file.</summary>
    public DecantException Fault(string what) => new($"{Path}: {what}.");

    private T? Find<T>(string key, string expected) where T : class => Settings.TryGetValue(key, out var value) ? value as T ?? throw Fault($"{key}: expected {expected}, came {Shown(value)}") : null;

    private static string Shown(object value) => value switch
    {
        string text => text.Length > 40 ? $"'{text[..40]}…'" : $"'{text}'",
        System.Collections.ICollection items => $"a list of {items.Count}",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}
