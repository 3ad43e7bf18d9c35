namespace Decant.Text.Files;

/// <summary>Vocabularies of OpenAI's <c>tiktoken</c>: a line for each token, its bytes in base 64 and its rank. They do not say by what expression texts are cut, so they are not read.</summary>
internal static class Tiktoken
{
    private const int LongestLine = 1024;

    /// <summary>The content of a file, unless it is such a vocabulary, by its name or by its first line.</summary>
    public static byte[] Refused(byte[] content, string file)
    {
        if (!Path.GetExtension(file).Equals(".tiktoken", StringComparison.OrdinalIgnoreCase) && !Begins(content)) return content;
        throw new DecantException(
            $"{file} is a vocabulary of tiktoken (tokens in base 64 with their ranks), which does not say how texts are cut and which tokens are special, and is not read. "
            + "Use the model's tokenizer.json; 'AutoTokenizer.from_pretrained(…).save_pretrained(…)' of transformers writes one.");
    }

    private static bool Begins(ReadOnlySpan<byte> content)
    {
        var line = content[..Math.Min(content.Length, LongestLine)];
        if (line.IndexOf((byte)'\n') is var end and > 0) line = line[..end];
        line = line.TrimEnd((byte)'\r');
        var space = line.IndexOf((byte)' ');
        return space > 0 && System.Buffers.Text.Base64.IsValid(line[..space]) && space + 1 < line.Length && line[(space + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
