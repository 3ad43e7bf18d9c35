using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Duplicates;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>What a text must be to become a row.</summary>
public sealed record SynthesisFilters
{
    /// <summary>The fewest words (in Chinese and other scripts without spaces: characters); default: 1.</summary>
    [Description("fewest words; in scripts without spaces, such as Chinese, characters")]
    [Range(1, 1_000_000)]
    public int MinWords { get; init; } = 1;

    /// <summary>The most words; null: any number.</summary>
    [Description("most words; default: any number")]
    [Range(1, 1_000_000)]
    public int? MaxWords { get; init; }

    /// <summary>The fewest characters; default: 1.</summary>
    [Description("fewest characters")]
    [Range(1, 10_000_000)]
    public int MinCharacters { get; init; } = 1;

    /// <summary>The most characters; null: any number.</summary>
    [Description("most characters; default: any number")]
    [Range(1, 10_000_000)]
    public int? MaxCharacters { get; init; }

    /// <summary>The scripts that letters are to be of; default: any. A script tells Chinese from English, but not English from French.</summary>
    [Description("scripts that letters are to be of, such as [latin] or [han]; default: any")]
    public IReadOnlyList<LetterScript> Scripts { get; init; } = [];

    /// <summary>The share of letters that must be of <see cref="Scripts"/>; default: 0.8.</summary>
    [Description("share of the letters that must be of these scripts")]
    [Range(0.0, 1.0)]
    public double ScriptShare { get; init; } = 0.8;

    /// <summary>A file with frequent words of the language, one on a line; null: not compared. A crude test: short texts and names may fail it, a close language may pass it.</summary>
    [Description("file with frequent words of the language, one on a line; default: not compared")]
    [LocalPath]
    public string? LanguageWords { get; init; }

    /// <summary>The share of words that must be in <see cref="LanguageWords"/>; default: 0.2.</summary>
    [Description("share of the words that must be among the frequent ones")]
    [Range(0.0, 1.0)]
    public double LanguageShare { get; init; } = 0.2;

    /// <summary>Words and phrases that no row may have, whole words without regard to case; default: none.</summary>
    [Description("words and phrases that no row may have, without regard to case")]
    public IReadOnlyList<string> Forbidden { get; init; } = [];

    /// <summary>Files of such words and phrases, one on a line; default: none.</summary>
    [Description("files of such words and phrases, one on a line")]
    [LocalPath]
    public IReadOnlyList<string> ForbiddenFiles { get; init; } = [];

    /// <summary>Regular expressions (.NET) of which every one must match somewhere in a row; default: none.</summary>
    [Description("regular expressions that each row must match")]
    public IReadOnlyList<string> Match { get; init; } = [];

    /// <summary>Regular expressions (.NET) of which none may match; default: none.</summary>
    [Description("regular expressions that no row may match")]
    public IReadOnlyList<string> Refuse { get; init; } = [];

    /// <summary>How long a regular expression may take for one row, in milliseconds; a row that takes longer is set aside. Default: 100.</summary>
    [Description("milliseconds that a regular expression may take for one row")]
    [Range(1, 60_000)]
    public int PatternMilliseconds { get; init; } = 100;

    /// <summary>From when on a text repeats an example or another row; passages are not compared unless asked for.</summary>
    [Description("from when on a text repeats an example or another row")]
    public OverlapOptions Duplicates { get; init; } = new() { Ngram = 0 };
}
