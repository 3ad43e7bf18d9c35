using System.Globalization;
using System.Text.RegularExpressions;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static partial class ThreadAllocationChecks
{
    public static IEnumerable<RecipeFinding> Shares(Recipe recipe, IKindRegistry kinds)
    {
        var cores = recipe.ThreadAllocation;
        foreach (var (key, text, mayShare) in new[] { ("teacher", cores.Teacher, false), ("student", cores.Student, true), ("control", cores.Control, false) })
        {
            if (text is null) continue;
            if (!Share().IsMatch(text))
                yield return new($"thread-allocation.{key}", $"'{text}' is no number of threads; write 2, or 1/2 for operators on one and matrix products on two{(mayShare ? ", or 1+1 for student and teacher at the same time" : "")}");
            else if (!mayShare && text.Contains('+', StringComparison.Ordinal))
                yield return new($"thread-allocation.{key}", $"'{text}' shares the cores with a teacher, and none is run while the {key} is trained; write one number");
            else if (recipe.Threads is { } most && Threads(text) is var asked && asked > most)
                yield return new($"thread-allocation.{key}", $"'{text}' needs {asked} threads, and 'threads' allows {most}; lower it, or raise 'threads'");
        }
    }

    // 1+1 are two at the same time; 1/2 are never more than two.
    private static int Threads(string text)
    {
        var numbers = text.Split('+', '/').Select(number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture));
        return text.Contains('+', StringComparison.Ordinal) ? numbers.Sum() : numbers.Max();
    }

    [GeneratedRegex(@"^[1-9][0-9]{0,2}([+/][1-9][0-9]{0,2})?\z")]
    private static partial Regex Share();
}
