using System.Text;

namespace Decant.Data.Sources;

/// <summary>A file in which every line that is not empty is a text.</summary>
internal sealed record LinesOptions : TextFileOptions
{
    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default) => RowFile.Open(this with { Empty = EmptyRows.Drop }, new LinesFormat(), cancellationToken);
}

/// <summary>The format of lines.</summary>
internal sealed class LinesFormat : RowFormat
{
    public override Row Read(ReadOnlyMemory<byte> record, Encoding encoding) => new(TextEncoding.Decode(encoding, record.Span).Trim(), null, null);
}
