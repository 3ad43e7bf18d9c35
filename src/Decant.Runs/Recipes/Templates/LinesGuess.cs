using System.Text.RegularExpressions;

namespace Decant.Runs.Recipes.Templates;

/// <summary>Guesses the format of a file by its contents, where its name says nothing: JSON, a table, words with tags, labels with texts, or plain text.</summary>
internal static partial class LinesGuess
{
    private const int MostLabels = 60;
    private const int FewLines = 5; // where how often a word repeats says nothing

    public static DataGuess Of(FileHead head, bool? hasHeader)
    {
        if (head.Text.AsSpan().TrimStart() is ['{' or '[', ..]) return JsonGuess.Of(head);
        var lines = head.Lines();
        string[] full = [.. lines.Where(l => !string.IsNullOrWhiteSpace(l))];
        if (full.Length == 0) throw new DecantException($"{head.Path}: expected lines of text, came empty ones.");
        if (AreTagged(full))
            return new DataGuess { Kind = "conll", Words = "words with their tags (CoNLL)", Other = new("words with a tag each, in columns (CoNLL)", "text/wnut17-ner"), Types = TypesIn(full) };
        if (hasHeader is not null || TableGuess.HasTabs(head)) return TableGuess.Of(head, '\t', hasHeader);
        if (AreLabelled(full)) return new DataGuess { Kind = "labelled-lines", Words = "lines of a label and a text" };
        return head.Text[0] is not ('\r' or '\n') && TableGuess.Of(head, ',', hasHeader) is { Columns.Count: > 1, Text: not null, Label: not null } table
            ? table
            : new DataGuess { Kind = "text", Words = "plain text", Other = new("plain text, without labels", "language/wikitext-lstm") };
    }

    private static bool AreTagged(string[] lines) =>
        lines.Length > 1 && lines.Count(l => Tagged().IsMatch(l)) * 10 >= lines.Length * 9 && lines.Any(l => Marked().IsMatch(l));

    private static string[] TypesIn(string[] lines) => [.. lines.Select(l => Marked().Match(l)).Where(m => m.Success).Select(m => m.Value.Trim()[2..]).Distinct(StringComparer.Ordinal)];

    /// <summary>The first words are few and come again, as those of sentences do not.</summary>
    private static bool AreLabelled(string[] lines)
    {
        if (!lines.All(l => l.AsSpan().IndexOfAny(' ', '\t') > 0)) return false;
        string[] words = [.. lines.Select(l => l[..l.AsSpan().IndexOfAny(' ', '\t')])];
        var different = words.Distinct(StringComparer.Ordinal).Count();
        return lines.Length >= FewLines ? different <= MostLabels && different * ClassCount.RowsPerClass <= lines.Length : words.All(w => LabelWord().IsMatch(w));
    }

    [GeneratedRegex(@"^\S+([ \t]\S+)*[ \t](O|[BIESLUM]-\S+)\s*$")]
    private static partial Regex Tagged();

    [GeneratedRegex(@"[ \t][BIESLUM]-\S+\s*$")]
    private static partial Regex Marked();

    [GeneratedRegex(@"^([-+]?\d+|__label__\S+|[A-Z]+:\S+|[A-Z]{2,})$")]
    private static partial Regex LabelWord();
}
