using System.Text;

namespace Decant.Data.Sources;

/// <summary>A file in which every line is a label, one space or tab, and a text.</summary>
public sealed record LabelledLinesOptions : TextFileOptions
{
    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default) => RowFile.Open(this, new LabelledLinesFormat(), cancellationToken);
}

internal sealed class LabelledLinesFormat : RowFormat
{
    public override string? LabelName => "label";

    public override Row Read(ReadOnlyMemory<byte> record, Encoding encoding)
    {
        var line = TextEncoding.Decode(encoding, record.Span);
        var gap = line.AsSpan().IndexOfAny(' ', '\t');
        if (gap <= 0) throw new RowFaultException("expected a label, a space and a text, came " + (gap == 0 ? "a line that begins with the space" : "one word"));
        return new Row(line[(gap + 1)..].Trim(), null, line[..gap]);
    }
}
