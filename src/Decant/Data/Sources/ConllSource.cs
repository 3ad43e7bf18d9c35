using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Sources;

/// <summary>
/// Sentences in columns, as the CoNLL shared tasks have them: a word and its tag on every line, an empty line after each sentence. Columns are separated by
/// tabs, or by spaces on a line without a tab. Lines that begin with <c>-DOCSTART-</c> are passed over.
/// </summary>
/// <remarks>Tags are names as they stand in the file, of any scheme. The whole file is held in memory.</remarks>
public sealed record ConllOptions : SourceOptions
{
    /// <summary>The file.</summary>
    [Description("path of the file")]
    [LocalPath]
    public required string File { get; init; }

    /// <summary>The column of the words, from 1; default: 1.</summary>
    [Description("column of the words, from 1")]
    [Range(1, 1000)]
    public int WordColumn { get; init; } = 1;

    /// <summary>The column of the tags, from 1; null: the last one.</summary>
    [Description("column of the tags, from 1; default: the last one")]
    [Range(1, 1000)]
    public int? TagColumn { get; init; }

    /// <summary>Whether the tags are read; default: true. Off: the sentences are unlabelled.</summary>
    [Description("whether the tags are read; if not, the sentences are unlabelled")]
    public bool Tags { get; init; } = true;

    /// <summary>The tags in their order; left out: those that occur, O first and the others sorted.</summary>
    [Description("tags in order; default: those that occur, O first")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The name of the file's encoding, as in IANA's list; UTF-8 by default. A byte-order mark of UTF-16 or UTF-32 goes before it.</summary>
    [Description("encoding of the file, such as utf-8, utf-16, latin1 or gb18030")]
    public string Encoding { get; init; } = "utf-8";

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        using var stream = SourceFile.Open(File);
        using var text = OpenedText.Open(stream, File, Encoding, Array.MaxLength);
        using var scanner = new LineScanner(text.Bytes, File, keepEmpty: true);
        return new ConllReader(this, text.Encoding).Read(scanner, cancellationToken);
    }
}
