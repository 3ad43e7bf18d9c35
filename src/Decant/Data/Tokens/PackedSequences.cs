using Decant.Data.Labels;

namespace Decant.Data.Tokens;

/// <summary>The tokens of a file as sequences of one length.</summary>
internal static class PackedSequences
{
    /// <summary>The sequences of a token file as samples (<see cref="TokenContent"/>) that are their own labels. A sample's id is the hash of its tokens.</summary>
    /// <param name="file">The tokens; the dataset owns the file from now on and closes it when it is disposed.</param>
    /// <param name="options">Length, and what crosses documents.</param>
    /// <param name="cancellationToken">Stops the hashing, which reads the file once.</param>
    /// <exception cref="DecantException">The file has too few tokens for a sequence, or too many for samples of this length.</exception>
    public static Dataset Open(TokenFile file, PackedOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Tokens, nameof(options));
        var windows = new TokenWindows(file, options);
        if (windows.Count == 0) throw new DecantException($"{file.Name}: the text has {file.Count:N0} token, and a token is predicted from one before it; give more text.");
        if (windows.Count > Array.MaxLength)
            throw new DecantException($"{file.Name}: {file.Count:N0} tokens are {windows.Count:N0} sequences of {options.Tokens}, more than the {Array.MaxLength:N0} that a dataset can hold; make them longer.");
        var hashes = new ulong[windows.Count];
        Parallel.For(0, hashes.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => hashes[i] = ContentHash.OfTokens(windows.Ids(i)));
        return Dataset.Create(new PackedStore(windows, hashes) { Name = file.Name }, new OwnContentColumn(), []);
    }
}

/// <summary>Where the sequences of a token file lie.</summary>
internal sealed class TokenWindows(TokenFile file, PackedOptions options)
{
    private readonly int _extra = options.NextToken ? 1 : 0; // the last label

    public TokenFile File => file;

    public long Count => (file.Count - _extra + options.Tokens - 1) / options.Tokens;

    public long StartOf(int window) => (long)window * options.Tokens;

    /// <summary>How many ids a sequence has, its last label included.</summary>
    public int LengthOf(int window) => (int)Math.Min(options.Tokens + _extra, file.Count - StartOf(window));

    public int[] Ids(int window)
    {
        var ids = new int[LengthOf(window)];
        file.Read(StartOf(window), ids);
        return ids;
    }

    public TokenContent Read(int window)
    {
        var start = StartOf(window);
        var end = start + LengthOf(window);
        var bytes = file.BytesBefore(end) - file.BytesBefore(start + _extra);
        if (!options.DocumentsApart) return new TokenContent(Ids(window), bytes) { Start = start };

        var starts = new List<int>();
        var first = file.DocumentOf(start);
        for (var document = file.StartOf(first) == start ? first : first + 1; document < file.Documents && file.StartOf(document) < end; document++)
        {
            var at = file.StartOf(document);
            starts.Add((int)(at - start));
            if (options.NextToken && at >= start + _extra) bytes -= file.BytesBefore(at + 1) - file.BytesBefore(at); // the first of a document is not predicted
        }

        return new TokenContent(Ids(window), bytes, starts) { Start = start };
    }
}

/// <summary>Sequences that are read from their token file when they are requested.</summary>
internal sealed class PackedStore(TokenWindows windows, ulong[] hashes) : SampleStore(hashes)
{
    public override SampleContent Read(int row) => windows.Read(row);

    public override int LengthOf(int row) => windows.LengthOf(row);

    public override string Where(int row) => $"{Name}, tokens {windows.StartOf(row):N0} to {windows.StartOf(row) + windows.LengthOf(row) - 1:N0} (document {windows.File.DocumentOf(windows.StartOf(row)) + 1:N0})";

    public override void Dispose()
    {
        windows.File.Dispose();
        base.Dispose();
    }
}
