using System.ComponentModel;

namespace Decant.Data.Sources;

/// <summary>A CSV file: comma-separated fields, quoted where they hold commas, quotes or line breaks (RFC 4180).</summary>
public sealed record CsvOptions : DelimitedOptions
{
    /// <summary>The character between two fields; default: one ASCII character, a comma.</summary>
    [Description("field delimiter")]
    public string Delimiter { get; init; } = ",";

    /// <summary>Whether fields may be quoted; default: true.</summary>
    [Description("whether fields may be quoted")]
    public bool Quotes { get; init; } = true;

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default) => Open(Delimiter, Quotes, cancellationToken);
}

/// <summary>A TSV file: fields with a tab between them; a quote is an ordinary character by default.</summary>
public sealed record TsvOptions : DelimitedOptions
{
    /// <summary>Whether fields may be quoted, as in CSV; default: false, since most TSV corpora mean their quotes.</summary>
    [Description("whether fields may be quoted")]
    public bool Quotes { get; init; }

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default) => Open("\t", Quotes, cancellationToken);
}

/// <summary>What CSV and TSV have in common.</summary>
public abstract record DelimitedOptions : NamedColumnsOptions
{
    /// <summary>Whether the first row names the columns; without it a column is its number, from 1 (<c>text: "1"</c>). Default: true.</summary>
    [Description("whether the first row has the column names; if not, columns are named by number, from 1")]
    public bool Header { get; init; } = true;

    private protected Dataset Open(string delimiter, bool quotes, CancellationToken cancellationToken)
    {
        if (delimiter is not [var character] || !char.IsAscii(character) || character is '"' or '\r' or '\n')
            throw new DecantException($"{File}: the delimiter must be one ASCII character other than a quote or a line break, came '{delimiter}'.");
        return RowFile.Open(this, new DelimitedFormat(this, character, quotes), cancellationToken);
    }
}
