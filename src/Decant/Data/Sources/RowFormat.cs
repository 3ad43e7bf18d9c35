using System.Text;

namespace Decant.Data.Sources;

/// <summary>What a row of a text file says.</summary>
/// <param name="Text">The text, or the prompt.</param>
/// <param name="Pair">The second text, or the completion.</param>
/// <param name="Label">The name of the class.</param>
/// <param name="Numbers">What a regression is to give.</param>
/// <param name="Labels">The names of its labels, of which there may be none or several; null: nothing is known.</param>
internal readonly record struct Row(string Text, string? Pair, string? Label, float[]? Numbers = null, IReadOnlyList<string>? Labels = null)
{
    /// <summary>The documents of a query, which is <see cref="Text"/>; null: it is none.</summary>
    public IReadOnlyList<string>? Documents { get; init; }

    /// <summary>Their grades; null: nothing is known of them.</summary>
    public float[]? Grades { get; init; }

    /// <summary>What the row is where its text is not all; null: as the text, the pair and the documents say.</summary>
    public SampleContent? Content { get; init; }

    /// <summary>What a teacher is given before the prompt; null: nothing.</summary>
    public string? Context { get; init; }

    /// <summary>What the row is tagged with; null: nothing.</summary>
    public string? Tag { get; init; }

    /// <param name="isPrompt">Whether the two texts are a prompt and its completion.</param>
    public SampleContent ToContent(bool isPrompt) => Plain(isPrompt) with { Tag = Tag };

    private SampleContent Plain(bool isPrompt) => Content ?? (Documents is { } documents ? new RankingContent(Text, documents)
        : isPrompt ? new PromptContent(Text, Pair ?? "") { Context = Context }
        : new TextContent(Text, Pair));
}

/// <summary>How a file becomes records, and a record a row.</summary>
internal abstract class RowFormat
{
    /// <summary>Whether the first record is a header, which <see cref="ReadHeader"/> takes.</summary>
    public virtual bool HasHeader => false;

    /// <summary>Whether the two texts of a row are a prompt and its completion.</summary>
    public virtual bool IsPrompt => false;

    /// <summary>The names of the numbers of a row; null where its label is a class.</summary>
    public virtual IReadOnlyList<string>? Outputs => null;

    /// <summary>The column of the class; null where there is none.</summary>
    public virtual string? LabelName => null;

    /// <summary>Whether a row has a set of labels instead of one class.</summary>
    public virtual bool HasLabelSets => false;

    /// <summary>Whether a row is a query with documents that have grades.</summary>
    public virtual bool HasRankings => false;

    public SampleContent ContentOf(Row row) => row.ToContent(IsPrompt);

    public virtual RecordScanner Scan(Stream stream, string file) => new LineScanner(stream, file);

    /// <summary>Finds the columns.</summary>
    /// <exception cref="RowFaultException">A column is missing.</exception>
    public virtual void ReadHeader(ReadOnlyMemory<byte> record, Encoding encoding)
    {
    }

    /// <summary>Reads a record; called from several threads.</summary>
    /// <exception cref="RowFaultException">The record is malformed.</exception>
    public abstract Row Read(ReadOnlyMemory<byte> record, Encoding encoding);

    protected static string? NullIfEmpty(string? label) => string.IsNullOrWhiteSpace(label) ? null : label.Trim();
}
