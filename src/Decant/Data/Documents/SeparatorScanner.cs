namespace Decant.Data.Documents;

/// <summary>Cuts a file at every separator; the line breaks beside one belong to no document.</summary>
internal sealed class SeparatorScanner(DocumentFile file, byte[] separator)
{
    private readonly byte[] _buffer = new byte[(1 << 20) + separator.Length];

    public IEnumerable<DocumentSpan> Find(DocumentSpan whole, CancellationToken cancellationToken)
    {
        var end = whole.Offset + whole.Length;
        var (start, line) = (whole.Offset, 1L);
        var (at, kept) = (whole.Offset, 0); // what of the buffer was read before: the beginning of a separator, perhaps
        while (at < end || kept > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = file.Read(_buffer.AsSpan(kept, (int)Math.Min(_buffer.Length - kept, end - at)), at);
            var filled = kept + read;
            var bufferStart = at - kept;
            at += read;
            var searched = 0;
            for (int found; (found = _buffer.AsSpan(searched, filled - searched).IndexOf(separator)) >= 0; searched += found + separator.Length)
            {
                var cut = bufferStart + searched + found;
                var document = new DocumentSpan(whole.File, start, cut - start, line);
                start = cut + separator.Length;
                line += Breaks(document.Offset, start);
                yield return Trimmed(document);
            }

            kept = at < end ? Math.Min(separator.Length - 1, filled - searched) : 0;
            _buffer.AsSpan(filled - kept, kept).CopyTo(_buffer);
            if (read == 0) break;
        }

        var last = Trimmed(new DocumentSpan(whole.File, start, end - start, line));
        if (last.Length > 0 || start == whole.Offset) yield return last; // after the last separator nothing need follow
    }

    private long Breaks(long from, long to)
    {
        var bytes = new byte[(int)Math.Min(1 << 16, to - from)];
        var count = 0L;
        while (from < to)
        {
            var read = file.Read(bytes.AsSpan(0, (int)Math.Min(bytes.Length, to - from)), from);
            if (read == 0) break;
            count += bytes.AsSpan(0, read).Count((byte)'\n');
            from += read;
        }

        return count;
    }

    private DocumentSpan Trimmed(DocumentSpan span)
    {
        Span<byte> one = stackalloc byte[1];
        while (span.Length > 0 && file.Read(one, span.Offset) == 1 && one[0] is (byte)'\n' or (byte)'\r')
            span = span with { Offset = span.Offset + 1, Length = span.Length - 1, Line = span.Line + (one[0] == '\n' ? 1 : 0) };
        while (span.Length > 0 && file.Read(one, span.Offset + span.Length - 1) == 1 && one[0] is (byte)'\n' or (byte)'\r')
            span = span with { Length = span.Length - 1 };
        return span;
    }
}
