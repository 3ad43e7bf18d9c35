using System.Buffers;
using System.Text.RegularExpressions;
using Decant.Data.Sources;

namespace Decant.Data.Documents;

/// <summary>Finds where the documents of a file lie.</summary>
internal sealed class DocumentFinder(TextSourceOptions options)
{
    private static readonly SearchValues<byte> s_blanks = SearchValues.Create(" \t\r\n\v\f"u8);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly Regex? _heading = Pattern(options.Heading);

    public IEnumerable<DocumentSpan> Find(DocumentFile file, int number, CancellationToken cancellationToken) => options.Documents switch
    {
        DocumentCut.File => [Whole(file, number)],
        DocumentCut.Separator => new SeparatorScanner(file, file.Encoding.GetBytes(options.Separator!)).Find(Whole(file, number), cancellationToken),
        DocumentCut.Line => Lines(file, cancellationToken).Select(line => new DocumentSpan(number, line.Record.Offset, line.Record.Length, line.Record.Line)),
        DocumentCut.BlankLine => Groups(file, number, line => IsBlank(line.Span), keepsFirst: false, cancellationToken),
        _ => Groups(file, number, line => _heading!.IsMatch(Decoded(file, line.Span)), keepsFirst: true, cancellationToken),
    };

    private static Regex? Pattern(string? pattern)
    {
        try
        {
            // Without backtracking no pattern can make the reading hang.
            return pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new DecantException($"text: 'heading: {pattern}' is not a regular expression that can be used here: {e.Message}", inner: e);
        }
    }

    private static DocumentSpan Whole(DocumentFile file, int number)
    {
        Span<byte> head = stackalloc byte[3];
        var skip = file.Read(head, 0) == 3 && head.SequenceEqual(ByteOrderMark) ? 3 : 0;
        return new(number, skip, file.Length - skip, 1);
    }

    private static IEnumerable<(RecordSpan Record, ReadOnlyMemory<byte> Bytes)> Lines(DocumentFile file, CancellationToken cancellationToken)
    {
        using var scanner = new LineScanner(file.Rewind(), file.Path, keepEmpty: true);
        while (scanner.TryRead(out var record))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (record, scanner.Bytes);
        }
    }

    /// <summary>Runs of lines that end before each line that ends one; that line begins the next run or is left out. Blank lines at a run's ends are no part of it.</summary>
    private static IEnumerable<DocumentSpan> Groups(
        DocumentFile file, int number, Func<ReadOnlyMemory<byte>, bool> ends, bool keepsFirst, CancellationToken cancellationToken)
    {
        DocumentSpan? run = null;
        foreach (var (record, bytes) in Lines(file, cancellationToken))
        {
            if (ends(bytes))
            {
                if (run is { } done) yield return done;
                run = null;
                if (!keepsFirst) continue;
            }

            if (IsBlank(bytes.Span)) continue;
            run = run is { } open
                ? open with { Length = record.Offset + record.Length - open.Offset }
                : new DocumentSpan(number, record.Offset, record.Length, record.Line);
        }

        if (run is { } last) yield return last;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(s_blanks) < 0;

    private static string Decoded(DocumentFile file, ReadOnlySpan<byte> line)
    {
        try
        {
            return TextEncoding.Decode(file.Encoding, line);
        }
        catch (RowFaultException e)
        {
            throw file.NotInEncoding(e);
        }
    }
}
