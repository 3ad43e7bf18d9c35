namespace Decant.Data;

/// <summary>Where the contents of a source lie, in memory or in a file; datasets are views of it.</summary>
internal abstract class SampleStore(ulong[] hashes) : IDisposable
{
    private readonly Dictionary<int, ulong> _repeats = FindRepeats(hashes);

    /// <summary>The name that messages call the source by: its file.</summary>
    public required string Name { get; init; }

    /// <summary>Remarks on the reading.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public int Count => hashes.Length;

    public ulong HashOf(int row) => hashes[row];

    public SampleId IdOf(int row) => new(_repeats.TryGetValue(row, out var id) ? id : hashes[row]);

    public abstract SampleContent Read(int row);

    /// <summary>The text of a row, to be read piece by piece; for sources of text.</summary>
    public virtual TextReader OpenText(int row) => Read(row) switch
    {
        TextContent { Pair: null } text => new StringReader(text.Text),
        var content => throw new DecantException($"{Where(row)}: expected a text, came {content.GetType().Name}; tokens are made of texts."),
    };

    /// <summary>A measure of the content's length that costs no reading: characters or bytes; 0 where all are as long.</summary>
    public virtual int LengthOf(int row) => 0;

    /// <summary>Where the user finds the row: file and line, or the sample's number.</summary>
    public virtual string Where(int row) => $"{Name}, sample {row + 1}";

    public virtual void Dispose()
    {
    }

    /// <summary>The ids of the rows with the same content as an earlier row.</summary>
    private static Dictionary<int, ulong> FindRepeats(ulong[] hashes)
    {
        // Sorting costs 8 bytes a row, where a hash set would take five times that; most sources have few repeats.
        var sorted = (ulong[])hashes.Clone();
        Array.Sort(sorted);
        var seen = new Dictionary<ulong, int>();
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i] == sorted[i - 1]) seen[sorted[i]] = 0;

        var repeats = new Dictionary<int, ulong>();
        if (seen.Count == 0) return repeats;
        for (var row = 0; row < hashes.Length; row++)
        {
            if (!seen.TryGetValue(hashes[row], out var earlier)) continue;
            if (earlier > 0) repeats[row] = Rng.Mix(hashes[row] + (ulong)earlier);
            seen[hashes[row]] = earlier + 1;
        }

        return repeats;
    }
}

/// <summary>Contents held as objects.</summary>
internal sealed class MemoryStore(IReadOnlyList<SampleContent> contents, ulong[] hashes) : SampleStore(hashes)
{
    /// <summary>The line of each row in its file; null where the source has no lines.</summary>
    public IReadOnlyList<long>? Lines { get; init; }

    public static MemoryStore Of(string name, IReadOnlyList<SampleContent> contents) => new(contents, [.. contents.Select(ContentHash.Of)]) { Name = name };

    public override SampleContent Read(int row) => contents[row];

    public override int LengthOf(int row) => contents[row] switch
    {
        TextContent text => text.Text.Length + (text.Pair?.Length ?? 0),
        PromptContent text => text.Prompt.Length + text.Completion.Length,
        ChatContent chat => chat.Text.Length,
        RankingContent ranking => ranking.Query.Length + ranking.Documents.Max(document => document.Length),
        WordsContent words => words.Words.Sum(word => word.Length + 1),
        TokenContent tokens => tokens.Ids.Length,
        _ => 0,
    };

    public override string Where(int row) => Lines is null ? base.Where(row) : $"{Name}:{Lines[row]}";
}

/// <summary>Images of one size in one block of bytes.</summary>
internal sealed class ImageStore(byte[][] blocks, int channels, int height, int width) : SampleStore(HashAll(blocks, channels, height, width))
{
    private readonly int _imageBytes = channels * height * width;

    public override SampleContent Read(int row)
    {
        var block = 0;
        for (; row >= blocks[block].Length / _imageBytes; block++) row -= blocks[block].Length / _imageBytes;
        return new ImageContent(blocks[block].AsMemory(row * _imageBytes, _imageBytes), channels, height, width);
    }

    private static ulong[] HashAll(byte[][] blocks, int channels, int height, int width)
    {
        var size = channels * height * width;
        var hashes = new ulong[blocks.Sum(block => block.Length / size)];
        var row = 0;
        foreach (var block in blocks)
            for (var start = 0; start < block.Length; start += size) hashes[row++] = ContentHash.OfImage(block.AsSpan(start, size), channels, height, width);
        return hashes;
    }
}
