using System.Security.Cryptography;
using System.Text;
using Decant.Data.Labels;
using Decant.Data.Sources;

namespace Decant.Data.Documents;

/// <summary>Scans all files once: where documents lie, their hashes, and whether all of it is text.</summary>
internal sealed class DocumentIndex(TextSourceOptions options, IReadOnlyList<DocumentFile> files)
{
    /// <summary>Documents of more bytes are never held whole while they are looked at.</summary>
    internal const int LargeBytes = 1 << 16;

    private readonly List<DocumentSpan> _spans = [];
    private readonly List<ulong> _hashes = [];
    private readonly RowFaults _faults = new(files[0].Path);
    private long _skipped;

    public static Dataset Open(TextSourceOptions options, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var files = new List<DocumentFile>(paths.Count);
        try
        {
            foreach (var path in paths) files.Add(new DocumentFile(path, options.Encoding));
            return new DocumentIndex(options, files).ToDataset(cancellationToken);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private Dataset ToDataset(CancellationToken cancellationToken)
    {
        var finder = new DocumentFinder(options);
        for (var number = 0; number < files.Count; number++)
            foreach (var span in finder.Find(files[number], number, cancellationToken)) Add(span, cancellationToken);
        _faults.ThrowIfAny();
        var name = files.Count == 1 ? files[0].Path : $"{files[0].Path} and {files.Count - 1} files more";
        IReadOnlyList<string> remarks = _skipped == 0 ? [] : [$"{name}: {_skipped:N0} empty documents were passed over; {_spans.Count:N0} have text."];
        return Dataset.Create(new DocumentStore(files, [.. _spans], [.. _hashes]) { Name = name, Remarks = remarks }, new OwnContentColumn(), []);
    }

    private void Add(DocumentSpan span, CancellationToken cancellationToken)
    {
        var (hash, isBlank) = span.Length <= LargeBytes ? Look(span) : LookThrough(span, cancellationToken);
        if (isBlank && options.Empty != EmptyDocuments.Keep)
        {
            _skipped++;
            if (options.Empty == EmptyDocuments.Refuse)
                _faults.AddAt($"{files[span.File].Path}:{span.Line}", "the document is empty; take it out, or say 'empty: skip' or 'empty: keep'");
            return;
        }

        _spans.Add(span);
        _hashes.Add(hash);
    }

    private (ulong Hash, bool IsBlank) Look(DocumentSpan span)
    {
        try
        {
            var text = TextEncoding.Decode(files[span.File].Encoding, files[span.File].ReadBytes(span));
            return (ContentHash.OfText(text, null), string.IsNullOrWhiteSpace(text));
        }
        catch (RowFaultException e)
        {
            throw files[span.File].NotInEncoding(e);
        }
    }

    /// <summary>The same of a text that is not held whole.</summary>
    private (ulong Hash, bool IsBlank) LookThrough(DocumentSpan span, CancellationToken cancellationToken)
    {
        using var reader = new DocumentReader(files[span.File], span);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ContentHash.AppendTextHead(hash);
        var encoder = Encoding.UTF8.GetEncoder();
        var (chars, bytes) = (new char[LargeBytes], new byte[LargeBytes * 3 + 4]);
        var isBlank = true;
        for (int read; (read = reader.Read(chars)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isBlank = isBlank && chars.AsSpan(0, read).IsWhiteSpace();
            hash.AppendData(bytes.AsSpan(0, encoder.GetBytes(chars.AsSpan(0, read), bytes, flush: false)));
        }

        hash.AppendData(bytes.AsSpan(0, encoder.GetBytes([], bytes, flush: true)));
        return (ContentHash.First64(hash.GetHashAndReset()), isBlank);
    }
}
