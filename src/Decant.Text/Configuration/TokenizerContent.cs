using System.Text.Json;
using Decant.Files;

namespace Decant.Text.Configuration;

/// <summary>The content of a tokenizer's files, with faults that name the file.</summary>
internal static class TokenizerContent
{
    /// <summary>A file's content; one that stands in for the real one, such as a Git LFS pointer, is refused as what it is.</summary>
    internal static byte[] Bytes(string file)
    {
        PlaceholderFile.Refuse(file);
        return RegularFile.Bytes(file, RegularFile.MostTokenizer);
    }

    /// <summary>A file of JSON.</summary>
    internal static JsonDocument Document(string file)
    {
        var bytes = Bytes(file);
        JsonContent.Require(bytes);
        return JsonDocument.Parse(bytes);
    }

    /// <summary>Reports any error of reading a file as a fault of that file.</summary>
    internal static T Guarded<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecantException e) when (!e.Message.Contains(file, StringComparison.Ordinal))
        {
            throw new DecantException($"{file}: {e.Message}", e.ExitCode, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{file}: the tokenizer cannot be read: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new DecantException($"{file}: expected a {Path.GetFileName(file)}, came something else ({e.Message}); export the tokenizer again.", inner: e);
        }
    }
}
