using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data;

/// <summary>
/// Sentences in columns, as the CoNLL shared tasks have them: a word and its tag on every line, an empty line after each sentence. Columns are separated by
/// tabs, or by spaces on a line without a tab. Lines that begin with <c>-DOCSTART-</c> are passed over.
/// </summary>
/// <remarks>Tags are names as they stand in the file, of whatever scheme. The whole file is held in memory.</remarks>
public sealed record ConllOptions : SourceOptions
{
    /// <summary>The file.</summary>
    [Description("the file")]
    [LocalPath]
    public required string File { get; init; }

    /// <summary>The column of the words, from 1; 1 unless said.</summary>
    [Description("the column of the words, from 1")]
    [Range(1, 1000)]
    public int WordColumn { get; init; } = 1;

    /// <summary>The column of the tags, from 1; null: the last one.</summary>
    [Description("the column of the tags, from 1; left out: the last one")]
    [Range(1, 1000)]
    public int? TagColumn { get; init; }

    /// <summary>Whether the tags are read; on unless said. Off: the sentences are unlabelled.</summary>
    [Description("whether the tags are read; if not, the sentences are unlabelled")]
    public bool Tags { get; init; } = true;

    /// <summary>The tags in their order; left out: those that occur, O first and the others sorted.</summary>
    [Description("the tags in their order, instead of those that occur, O first")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The name of the file's encoding, as in IANA's list; UTF-8 unless said.</summary>
    [Description("the file's encoding, such as utf-8, latin1 or gb18030")]
    public string Encoding { get; init; } = "utf-8";

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        using var stream = SourceFile.Open(File);
        SourceFile.RefuseUtf16(stream, File);
        using var scanner = new LineScanner(stream, File, keepEmpty: true);
        return new ConllReader(this).Read(scanner, cancellationToken);
    }
}
