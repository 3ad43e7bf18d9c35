using System.ComponentModel;
using Decant.Data.Pictures;
using Decant.Data.Sources;

namespace Decant.Data.Columns;

/// <summary>Parquet files, as data sets on the Hugging Face hub are stored: texts, pairs, prompts, words with tags, or pictures.</summary>
/// <remarks>
/// Every file is read once, a row group at a time, so that one row group's columns are what is held of it; the samples are kept in memory up to <see cref="PictureSourceOptions.MaxInMemoryBytes"/>,
/// beyond that in a file of the cache's folder. Where the file says names of classes (<c>ClassLabel</c> in its <c>huggingface</c> metadata), whole numbers are labels by those names, and −1 is no label.
/// </remarks>
public sealed record ParquetSourceOptions : PictureSourceOptions
{
    /// <summary>Files, folders (all <c>*.parquet</c> in them and below, by name), and patterns with <c>*</c> and <c>?</c> in the file's name.</summary>
    [Description("files, folders, or patterns such as data/train-*.parquet")]
    [LocalPath]
    [OneOrMore]
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The column of the text.</summary>
    [Description("column of the text")]
    public string Text { get; init; } = "text";

    /// <summary>The column of the second text of a pair; null: there are no pairs.</summary>
    [Description("column of the second text of a pair; absent: single texts")]
    public string? Pair { get; init; }

    /// <summary>The column of the class: strings, whole numbers, or true and false; null: the samples are unlabelled. A null is an unlabelled sample.</summary>
    [Description("column of the class name; null: unlabelled")]
    public string? Label { get; init; } = "label";

    /// <summary>
    /// What a sample has any number of labels by: one column of lists of strings or of class numbers, or several columns, each a label that a sample has (1, true) or not (0, false). An empty list is a sample
    /// without a label, a null one of which nothing is known. Null: a sample has one class. With it, <see cref="Label"/> is not read.
    /// </summary>
    [Description("for samples with any number of labels, instead of 'label': the column that lists them, or several columns of 0 and 1, each a label")]
    [OneOrMore]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The columns of a regression's targets; null: there are none. With them, <see cref="Label"/> is not read.</summary>
    [Description("columns of the regression targets, instead of 'label'")]
    [OneOrMore]
    public IReadOnlyList<string>? Target { get; init; }

    /// <summary>The column of the prompt, for <see cref="Completion"/>.</summary>
    [Description("column of the prompt, where there is a 'completion'")]
    public string Prompt { get; init; } = "prompt";

    /// <summary>The column of what a model is to write after the prompt; null: there are no prompts. With it, <see cref="Text"/>, <see cref="Pair"/> and <see cref="Label"/> are not read.</summary>
    [Description("column of the completion of the prompt, instead of 'text' and 'label'")]
    public string? Completion { get; init; }

    /// <summary>The column of the words to tag, lists of strings; null: there are none. With it, only <see cref="Tags"/> is read beside it.</summary>
    [Description("column of the words to tag (lists of strings), instead of 'text'")]
    public string? Words { get; init; }

    /// <summary>The column of the words' tags, lists of strings or of whole numbers; null: the sentences are unlabelled.</summary>
    [Description("column of the tags of 'words' (lists of strings or numbers); absent: unlabelled")]
    public string? Tags { get; init; }

    /// <summary>The column of the pictures: encoded bytes, or a structure with <c>bytes</c> as the hub's <c>Image</c> has it; null: there are none. With it, only <see cref="Label"/> is read beside it.</summary>
    [Description("column of encoded pictures, instead of 'text'")]
    public string? Image { get; init; }

    /// <summary>What becomes of a row with an empty text, prompt, completion, picture or no words; default: refused.</summary>
    [Description("what to do with rows without text: refuse or drop")]
    public EmptyRows Empty { get; init; } = EmptyRows.Refuse;

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        CheckKeys();
        using var rows = new ParquetRows(this, FilePatterns.Expand(Files, "parquet", "*.parquet"));
        return rows.Read(cancellationToken);
    }

    private void CheckKeys()
    {
        if (Words is not null && Image is not null) throw new DecantException("parquet: a sample is 'words' or an 'image'; leave one of the two out.");
        if (Labels is not null && (Words ?? Image ?? Completion) is not null)
            throw new DecantException($"parquet: beside '{(Words is not null ? "words" : Image is not null ? "image" : "completion")}' no 'labels' are read; leave them out.");
        if (Tags is not null && Words is null) throw new DecantException("parquet: 'tags' are those of 'words'; name the column of the words too.");
        if ((Words ?? Image) is not null && (Pair is not null || Completion is not null || Target is not null))
            throw new DecantException($"parquet: beside '{(Words is null ? "image" : "words")}' neither 'pair', 'completion' nor 'target' is read; leave them out.");
        if (Image is null && (Size is not null || Crop || Channels != 3 || Damaged != EmptyRows.Refuse))
            throw new DecantException("parquet: 'size', 'crop', 'channels' and 'damaged' are for pictures; name their column with 'image', or leave them out.");
    }
}
