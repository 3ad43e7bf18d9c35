using System.ComponentModel;
using Decant.Data.Sources;

namespace Decant.Data.Documents;

/// <summary>What makes a document of plain text.</summary>
public enum DocumentCut
{
    /// <summary>Every file is one document, as it is.</summary>
    File,

    /// <summary>Every line.</summary>
    Line,

    /// <summary>Lines without an empty one between them: paragraphs.</summary>
    BlankLine,

    /// <summary>What lies between two separators; line breaks beside a separator belong to neither document.</summary>
    Separator,

    /// <summary>A line that matches a pattern and the lines up to the next such line.</summary>
    Heading,
}

/// <summary>What becomes of a document without text.</summary>
public enum EmptyDocuments
{
    /// <summary>It is passed over, and <see cref="Dataset.Remarks"/> says how many were.</summary>
    Skip,

    /// <summary>It is a document without words: nothing but its end is to be predicted, as of the empty lines of WikiText in the published counts.</summary>
    Keep,

    /// <summary>It is a fault, reported with its place.</summary>
    Refuse,
}

/// <summary>Plain text, cut into documents that are their own labels: what language models learn from.</summary>
/// <remarks>The files stay on the disk: what is held in memory is 40 bytes a document. A document of white space counts as empty.</remarks>
public sealed record TextSourceOptions : SourceOptions
{
    /// <summary>Files, folders (all files in them and below, by name), and patterns with <c>*</c> and <c>?</c> in the file's name.</summary>
    [Description("files, folders, or patterns such as corpus/*.txt")]
    [LocalPath]
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What makes a document; default: <see cref="DocumentCut.File"/>.</summary>
    [Description("document boundaries: file, line, blank-line, separator or heading")]
    public DocumentCut Documents { get; init; } = DocumentCut.File;

    /// <summary>The text between two documents; needed with <see cref="DocumentCut.Separator"/>.</summary>
    [Description("text between two documents, such as <|endoftext|>")]
    public string? Separator { get; init; }

    /// <summary>A regular expression for the first line of a document; needed with <see cref="DocumentCut.Heading"/>. WikiText's articles: <c>^ = [^=]</c>.</summary>
    [Description("regular expression of the first line of a document, such as '^ = [^=]'")]
    public string? Heading { get; init; }

    /// <summary>What becomes of a document without text; default: it is passed over and counted.</summary>
    [Description("what to do with empty documents: skip, keep or refuse")]
    public EmptyDocuments Empty { get; init; } = EmptyDocuments.Skip;

    /// <summary>The name of the files' encoding, as in IANA's list; UTF-8 by default. A byte-order mark of UTF-16 or UTF-32 goes before it; such files are held in memory, at most 256 MiB each.</summary>
    [Description("encoding of the files, such as utf-8, utf-16, latin1 or gb18030")]
    public string Encoding { get; init; } = "utf-8";

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        RefuseIdle(Separator, "separator", DocumentCut.Separator);
        RefuseIdle(Heading, "heading", DocumentCut.Heading);
        return DocumentIndex.Open(this, FilePatterns.Expand(Files, "text"), cancellationToken);
    }

    private void RefuseIdle(string? value, string key, DocumentCut cut)
    {
        if (value is null && Documents == cut) throw new DecantException($"text: 'documents: {key}' needs '{key}'; say what it is.");
        if (value is "") throw new DecantException($"text: '{key}' is empty; say what it is, or leave the key out.");
        if (value is not null && Documents != cut) throw new DecantException($"text: '{key}' is only for 'documents: {key}'; leave it out, or say so.");
    }
}
