using System.Text;
using System.Text.Json;
using Decant.Torch;

namespace Decant.Export.Safetensors;

/// <summary>Reads the JSON header of a safetensors file and believes nothing of it that it has not checked.</summary>
internal sealed class SafetensorsHeader
{
    private const int MaxDimensions = 64;
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly long _dataStart;
    private readonly long _dataLength;

    private SafetensorsHeader(long dataStart, long dataLength) => (_dataStart, _dataLength) = (dataStart, dataLength);

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Reads a header.</summary>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataStart">Where the data begins in the file.</param>
    /// <param name="dataLength">How many bytes of data follow.</param>
    /// <exception cref="FormatException">What is wrong, without the file's name.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataStart, long dataLength)
    {
        try
        {
            // A name that is no Unicode text would come out as another one: refuse it before the JSON reader replaces anything.
            _ = s_strict.GetCharCount(json);
            var header = new SafetensorsHeader(dataStart, dataLength);
            header.Read(json);
            header.CheckCoverage();
            return header;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException($"its header is no valid JSON of the format: {error.Message}", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("its header is not UTF-8 text", error);
        }
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else
            {
                var entry = ReadEntry(ref reader, name);
                if (!_entries.TryAdd(name, entry))
                    throw new FormatException($"tensor '{name}' is there twice");
            }
        }

        if (reader.Read())
            throw new FormatException("something follows the JSON object of its header");
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "__metadata__");
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, $"__metadata__ '{key}'");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw new FormatException($"__metadata__ '{key}' is there twice");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, $"tensor '{name}'");
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            var twice = key switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (twice)
                throw new FormatException($"tensor '{name}' has '{key}' twice");
            switch (key)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, $"the dtype of tensor '{name}'");
                    dtype = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, $"the shape of tensor '{name}'", MaxDimensions);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, $"the data_offsets of tensor '{name}'", 2);
                    break;
                default:
                    throw new FormatException($"tensor '{name}' has '{key}'; expected dtype, shape and data_offsets");
            }
        }

        if (dtype is null || shape is null || offsets is not { Count: 2 })
            throw new FormatException($"tensor '{name}' lacks one of dtype, shape and data_offsets [begin, end]");
        return Checked(name, dtype, shape, offsets[0], offsets[1]);
    }

    private SafetensorsEntry Checked(string name, string dtypeName, List<long> shape, long begin, long end)
    {
        var dtype = SafetensorsDType.Parse(dtypeName)
            ?? throw new FormatException($"tensor '{name}' is of type '{dtypeName}'; known are {SafetensorsDType.Known}");
        if (begin > end || end > _dataLength)
            throw new FormatException($"tensor '{name}' is said to lie from {begin} to {end}, but {_dataLength} bytes of data follow the header");
        var needed = (Int128)dtype.Size();
        var room = needed;
        foreach (var size in shape)
        {
            needed *= size;
            // Without the sizes of 0, so that no product of the others overflows in libtorch.
            room *= Math.Max(1, size);
            if (room > long.MaxValue)
                throw new FormatException($"tensor '{name}' of shape [{string.Join(", ", shape)}] is larger than any file");
        }

        if (needed != end - begin)
        {
            throw new FormatException(
                $"tensor '{name}' of type {dtypeName} and shape [{string.Join(", ", shape)}] needs {needed} bytes, its data_offsets span {end - begin}");
        }

        return new SafetensorsEntry(name, dtype, shape, _dataStart + begin, end - begin);
    }

    /// <summary>The data is covered without gaps and without overlaps, as the format demands: nothing can hide in it.</summary>
    private void CheckCoverage()
    {
        var expected = _dataStart;
        foreach (var entry in _entries.Values.OrderBy(e => e.Offset).ThenBy(e => e.ByteCount))
        {
            if (entry.Offset < expected)
                throw new FormatException($"tensor '{entry.Name}' overlaps the one before it, at byte {entry.Offset - _dataStart} of the data");
            if (entry.Offset > expected)
                throw new FormatException($"{entry.Offset - expected} bytes before tensor '{entry.Name}' belong to no tensor");
            expected = entry.Offset + entry.ByteCount;
        }

        if (expected != _dataStart + _dataLength)
            throw new FormatException($"{_dataStart + _dataLength - expected} bytes at its end belong to no tensor");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string what, int most)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, what);
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw new FormatException($"{what} has something else than whole numbers from 0 on");
            if (numbers.Count == most)
                throw new FormatException($"{what} has more than {most} numbers");
            numbers.Add(number);
        }

        return numbers;
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new FormatException("its header breaks off");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string what)
    {
        if (Next(ref reader) != expected)
            throw new FormatException($"{what} is a JSON {reader.TokenType}, not a {expected}");
    }
}
