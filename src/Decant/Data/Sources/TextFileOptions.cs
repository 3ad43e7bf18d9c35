using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data;

/// <summary>What every source made of one text file has.</summary>
public abstract record TextFileOptions : SourceOptions
{
    /// <summary>The file.</summary>
    [Description("the file")]
    [LocalPath]
    public required string File { get; init; }

    /// <summary>The classes in their order; left out: those that occur, by number where all are integers, otherwise by name.</summary>
    [Description("the classes in their order, instead of those that occur, sorted")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The name of the file's encoding, as in IANA's list; it must be one in which a line break is one byte. UTF-8 unless said.</summary>
    [Description("the file's encoding, such as utf-8, latin1 or gb18030")]
    public string Encoding { get; init; } = "utf-8";

    /// <summary>A file of more bytes than this stays on the disk, and its samples are read when they are needed; 256 MiB unless said.</summary>
    [Description("bytes above which the file is not held in memory")]
    [Range(0L, long.MaxValue)]
    public long InMemoryUpTo { get; init; } = 256L << 20;
}

/// <summary>What a source with named columns or fields has.</summary>
public abstract record NamedColumnsOptions : TextFileOptions
{
    /// <summary>The column of the text.</summary>
    [Description("the column with the text")]
    public string Text { get; init; } = "text";

    /// <summary>The column of the second text of a pair; null: there are no pairs.</summary>
    [Description("the column with the second text of a pair")]
    public string? Pair { get; init; }

    /// <summary>The column of the class's name; null: the samples are unlabelled. An empty cell is an unlabelled sample.</summary>
    [Description("the column with the name of the class; null for unlabelled text")]
    public string? Label { get; init; } = "label";
}
