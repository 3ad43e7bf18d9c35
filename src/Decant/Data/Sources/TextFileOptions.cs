using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Sources;

/// <summary>What becomes of a row without text, or of a picture that cannot be decoded.</summary>
public enum EmptyRows
{
    /// <summary>It is a fault, reported with its line.</summary>
    Refuse,

    /// <summary>It is left out, and <see cref="Dataset.Remarks"/> says how many were.</summary>
    Drop,
}

/// <summary>What every source made of one text file has.</summary>
public abstract record TextFileOptions : SourceOptions
{
    /// <summary>The file.</summary>
    [Description("path of the file")]
    [LocalPath]
    public required string File { get; init; }

    /// <summary>The classes in their order; left out: those that occur, by number where all are integers, otherwise by name.</summary>
    [Description("class names in order; default: those that occur, sorted")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The name of the file's encoding, as in IANA's list; UTF-8 by default. A byte-order mark of UTF-16 or UTF-32 goes before it; such files are held in memory.</summary>
    [Description("encoding of the file, such as utf-8, utf-16, latin1 or gb18030")]
    public string Encoding { get; init; } = "utf-8";

    /// <summary>What becomes of a row with an empty text, prompt or completion; default: refused.</summary>
    [Description("what to do with rows without text: refuse or drop")]
    public EmptyRows Empty { get; init; } = EmptyRows.Refuse;

    /// <summary>A file of more bytes than this stays on the disk, and its samples are read when they are needed; default: 256 MiB.</summary>
    [Description("largest file that is held in memory, in bytes; larger ones are read from disk")]
    [Range(0L, long.MaxValue)]
    public long MaxInMemoryBytes { get; init; } = 256L << 20;
}

/// <summary>What a source with named columns or fields has: a text or a pair with a class or numbers, or a prompt with its completion.</summary>
public abstract record NamedColumnsOptions : TextFileOptions
{
    /// <summary>The column of the text.</summary>
    [Description("column of the text")]
    public string Text { get; init; } = "text";

    /// <summary>The column of the second text of a pair; null: there are no pairs.</summary>
    [Description("column of the second text of a pair; absent: single texts")]
    public string? Pair { get; init; }

    /// <summary>The column of the class's name; null: the samples are unlabelled. An empty cell is an unlabelled sample.</summary>
    [Description("column of the class name; null: unlabelled")]
    public string? Label { get; init; } = "label";

    /// <summary>The columns of a regression's targets; their names become <see cref="Dataset.Classes"/>; null: there are none. With them, <see cref="Label"/> is not read.</summary>
    [Description("columns of the regression targets, instead of 'label'")]
    public IReadOnlyList<string>? Target { get; init; }

    /// <summary>
    /// What a sample has any number of labels by: one column, whose cell lists their names (in JSON Lines an array), or several columns, each a label that a sample has (1, true) or not (0, false, empty).
    /// A cell of <c>[]</c> is a sample without a label, an empty one a sample of which nothing is known. Null: a sample has one class. With it, <see cref="Label"/> is not read.
    /// </summary>
    [Description("for samples with any number of labels, instead of 'label': the column that lists them ([] where there is none), or several columns of 0 and 1, each a label")]
    [OneOrMore]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What stands between two labels in a cell of <see cref="Labels"/>; default: a comma. A JSON array is read as one whatever this is.</summary>
    [Description("what separates the labels in a cell of 'labels'")]
    public string LabelSeparator { get; init; } = ",";

    /// <summary>The column of the prompt, for <see cref="Completion"/>; default: <c>prompt</c>.</summary>
    [Description("column of the prompt, where there is a 'completion'")]
    public string Prompt { get; init; } = "prompt";

    /// <summary>The column of what a model is to write after the prompt; null: there are no prompts. With it, <see cref="Text"/>, <see cref="Pair"/> and <see cref="Label"/> are not read.</summary>
    [Description("column of the completion of the prompt, instead of 'text' and 'label'")]
    public string? Completion { get; init; }

    /// <summary>The column of what a teacher is given before the prompt, and its student is not; null: there is none. An empty cell is a sample without.</summary>
    [Description("column of the text that the teacher is given before the prompt and the student is not, where there is a 'completion'; absent: none")]
    public string? Context { get; init; }

    /// <summary>The column of a tag, which says which of several teachers teach the sample (<c>teachers[].tags</c>); null: there is none. An empty cell is a sample without.</summary>
    [Description("column of the tag that says which of several teachers teach a sample (teachers[].tags); absent: none")]
    public string? Tag { get; init; }

    internal NamedColumns Columns() => NamedColumns.Of(File, (Text, Pair), Label, Target, (Prompt, Completion), Classes).With(File, Labels, LabelSeparator, Classes, Target ?? (Completion is null ? null : []))
        .With(File, Context, Tag);
}

/// <summary>A column that is read.</summary>
/// <param name="Key">The key of the recipe that names it.</param>
/// <param name="Name">Its name in the file.</param>
internal sealed record NamedColumn(string Key, string Name);

/// <summary>The columns that are read.</summary>
/// <param name="Text">That of the text, or of the prompt.</param>
/// <param name="Pair">That of the second text, or of the completion; null: there is none.</param>
/// <param name="Label">That of the class; null: there is none.</param>
/// <param name="Numbers">Those of a regression's targets.</param>
internal sealed record NamedColumns(NamedColumn Text, NamedColumn? Pair, NamedColumn? Label, IReadOnlyList<NamedColumn> Numbers)
{
    /// <summary>Those of the labels that a sample has any number of; empty: it has one class.</summary>
    public IReadOnlyList<NamedColumn> Labels { get; init; } = [];

    /// <summary>How cells become labels; null: a sample has one class.</summary>
    public LabelCells? Cells { get; init; }

    /// <summary>That of the teacher's context; null: there is none.</summary>
    public NamedColumn? Context { get; init; }

    /// <summary>That of the tag; null: there is none.</summary>
    public NamedColumn? Tag { get; init; }

    /// <summary>The same with the columns of the teacher's context and of the tag.</summary>
    /// <exception cref="DecantException">There is a context and no prompt that it stands before.</exception>
    public NamedColumns With(string source, string? context, string? tag)
    {
        if (context is not null && Pair is not { Key: "completion" }) throw new DecantException($"{source}: 'context' is what a teacher is given before a prompt, and there are no prompts; name the column of the 'completion', or leave 'context' out.");
        return this with { Context = context is null ? null : new("context", context), Tag = tag is null ? null : new("tag", tag) };
    }

    /// <summary>The same with the columns of labels.</summary>
    /// <exception cref="DecantException">The keys exclude each other.</exception>
    public NamedColumns With(string source, IReadOnlyList<string>? labels, string separator, IReadOnlyList<string>? classes, IReadOnlyList<string>? others)
    {
        if (labels is null) return this;
        if (others is not null) throw new DecantException($"{source}: 'labels' is for samples with any number of labels, and '{(others.Count > 0 ? "target" : "completion")}' for another task; leave one of the two out.");
        if (labels.Count == 0) throw new DecantException($"{source}: 'labels' is an empty list; name the column that lists the labels, or those of 0 and 1, or leave the key out.");
        if (separator.Length == 0) throw new DecantException($"{source}: 'label-separator' is empty; expected what stands between two labels, such as a comma.");
        if (labels.Count > 1 && classes is not null && !classes.ToHashSet(StringComparer.Ordinal).SetEquals(labels))
            throw new DecantException($"{source}: 'classes' names other labels than the columns of 'labels'; give the same in another order, or leave 'classes' out.");
        return this with { Label = new("labels", string.Join(", ", labels)), Labels = [.. labels.Select(name => new NamedColumn("labels", name))], Cells = new LabelCells(labels, separator) };
    }

    /// <exception cref="DecantException">The keys exclude each other.</exception>
    public static NamedColumns Of(string source, (string Text, string? Pair) texts, string? label, IReadOnlyList<string>? target, (string Prompt, string? Completion) prompts, IReadOnlyList<string>? classes)
    {
        if (target is { Count: 0 }) throw new DecantException($"{source}: 'target' is an empty list; name the columns of the numbers, or leave the key out.");
        if (target is not null && prompts.Completion is not null) throw new DecantException($"{source}: 'target' is for a regression and 'completion' for a language model; leave one of the two out.");
        if (prompts.Completion is not null && texts.Pair is not null) throw new DecantException($"{source}: a prompt has no 'pair'; leave 'pair' or 'completion' out.");
        if (target is not null && classes is not null && classes.Count != target.Count)
            throw new DecantException($"{source}: 'classes' names {classes.Count} numbers and 'target' {target.Count} columns; give as many, or leave 'classes' out.");
        return prompts.Completion is { } completion
            ? new(new("prompt", prompts.Prompt), new("completion", completion), null, [])
            : new(new("text", texts.Text), texts.Pair is null ? null : new("pair", texts.Pair), label is null || target is not null ? null : new("label", label), [.. (target ?? []).Select(name => new NamedColumn("target", name))]);
    }
}
