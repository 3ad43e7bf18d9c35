using Decant.Data.Sources;

namespace Decant.Data.Documents;

/// <summary>Documents that stay in their files.</summary>
internal sealed class DocumentStore(IReadOnlyList<DocumentFile> files, DocumentSpan[] spans, ulong[] hashes) : SampleStore(hashes)
{
    /// <summary>A text of more bytes is too long for one string.</summary>
    private const int LongestBytes = 1 << 29;

    public override SampleContent Read(int row)
    {
        var span = spans[row];
        if (span.Length > LongestBytes)
            throw new DecantException($"{Where(row)}: a document of {span.Length:N0} bytes is too long for one sample; pack it into sequences of tokens, or cut it ('documents: line').");
        var text = Decode(span);
        if (text is null || ContentHash.OfText(text, null) != HashOf(row))
            throw new DecantException($"{Where(row)}: the file was changed while it was in use; start again with a file that stays as it is.");
        return new TextContent(text);
    }

    public override TextReader OpenText(int row)
    {
        if (spans[row].Length <= DocumentIndex.LargeBytes) return base.OpenText(row);
        var file = files[spans[row].File];
        file.RequireUnchanged();
        return new DocumentReader(file, spans[row]);
    }

    public override int LengthOf(int row) => (int)Math.Min(int.MaxValue, spans[row].Length);

    public override string Where(int row) => $"{files[spans[row].File].Path}:{spans[row].Line}";

    public override void Dispose()
    {
        foreach (var file in files) file.Dispose();
        base.Dispose();
    }

    private string? Decode(DocumentSpan span)
    {
        try
        {
            return TextEncoding.Decode(files[span.File].Encoding, files[span.File].ReadBytes(span));
        }
        catch (RowFaultException)
        {
            return null; // it was text when it was indexed
        }
    }
}
