using System.Text.RegularExpressions;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What must be right between the sections of a file for <c>decant synthesize</c>.</summary>
internal static class SynthesisChecks
{
    /// <summary>The findings.</summary>
    public static IEnumerable<RecipeFinding> All(SynthesisRecipe recipe) =>
        [.. ChatAccessChecks.Of(recipe.Chat, "chat"), .. recipe.Judge?.Chat is { } judge ? ChatAccessChecks.Of(judge, "judge.chat") : [], .. Write(recipe), .. Filters(recipe)];

    private static IEnumerable<RecipeFinding> Write(SynthesisRecipe recipe)
    {
        var write = recipe.Write;
        if (string.IsNullOrWhiteSpace(write.Instruction))
            yield return new("write.instruction", "expected what the texts are, came nothing; say who writes them, to whom, and about what");
        if (write.Classes.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            yield return new("write.classes", $"the class '{twice}' is there twice; keep one");
        if (write.Classes.Any(c => string.IsNullOrWhiteSpace(c.Name) || c.Name.Trim() != c.Name || c.Name.Contains('\n', StringComparison.Ordinal)))
            yield return new("write.classes", "expected a name on one line, without space around it, for each class");
        if (write.Rows < write.Classes.Count)
            yield return new("write.rows", $"expected one row of each class at least, came {write.Rows} of {write.Classes.Count} classes");
        if (recipe.Judge is { } judge && string.IsNullOrWhiteSpace(judge.Ask.Instruction))
            yield return new("judge.ask.instruction", "expected what a text must be to be kept, came nothing");
        if (recipe.HeldOut is { Sources.Count: 0 })
            yield return new("held-out.sources", "expected a file at least, came none; leave held-out out where there is none");
    }

    private static IEnumerable<RecipeFinding> Filters(SynthesisRecipe recipe)
    {
        var filters = recipe.Filters;
        if (filters.MaxWords < filters.MinWords)
            yield return new("filters.max-words", $"expected min-words ({filters.MinWords}) or more, came {filters.MaxWords}");
        if (filters.MaxCharacters < filters.MinCharacters)
            yield return new("filters.max-characters", $"expected min-characters ({filters.MinCharacters}) or more, came {filters.MaxCharacters}");
        foreach (var (key, patterns) in new[] { ("match", filters.Match), ("refuse", filters.Refuse) })
        {
            for (var i = 0; i < patterns.Count; i++)
            {
                if (Fault(patterns[i]) is { } fault)
                    yield return new($"filters.{key}[{i}]", $"this is no regular expression of .NET: {fault}");
            }
        }
    }

    private static string? Fault(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }
}
