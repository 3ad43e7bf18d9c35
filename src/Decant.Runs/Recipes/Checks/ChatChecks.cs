using System.Text.RegularExpressions;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>A teacher behind an API classifies texts, and shows nothing but its answers.</summary>
internal static partial class ChatChecks
{
    private const string Path = "teacher.chat";

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher is not { Chat: { } chat } teacher)
            yield break;
        if (teacher with { Chat = null } != new TeacherSection())
            yield return new(Path, "the teacher is a chat model, and no network is loaded or trained for it; keep 'chat' alone under teacher");
        if (string.IsNullOrWhiteSpace(chat.Terms))
            yield return new($"{Path}.terms", "expected the terms or licence under which the model's answers may train another, came nothing; read the provider's, and name them: they go into the model card");
        if (!VariableName().IsMatch(chat.Key))
            yield return new($"{Path}.key", "expected the name of an environment variable: letters, digits and underscores; the key itself stands nowhere but in that variable");
        if (chat.Ask.Classes.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            yield return new($"{Path}.ask.classes", $"the class '{twice}' is there twice; keep one");
        if (chat.Ask.Classes.Any(c => string.IsNullOrWhiteSpace(c.Name)))
            yield return new($"{Path}.ask.classes", "a class has no name; give it one");
        if (recipe.Task != ModelTask.Classification || recipe.Input.Kind != InputKind.Text)
            yield return new(Path, "a chat model gives classes of texts: task: classification, input.kind: text");
        if (recipe.Student.FromTeacher is not null)
            yield return new("student.from-teacher", $"{Path} has no layers to begin with; give student.model");
        if (recipe.Distill.TransferSet?.Data is not null)
            yield return new("distill.transfer-set.data", $"{Path} is asked about the samples of data; put the texts without labels there");
        if (chat.Rounds is not null && recipe.Task != ModelTask.Classification)
            yield return new($"{Path}.rounds", "texts are chosen by how unsure a classifier is of them, and the task is another; leave rounds out");
        if (chat.Budget is { Money: not null } budget && (budget.InputPrice is null || budget.OutputPrice is null))
            yield return new($"{Path}.budget.money", "money is limited, and the prices are missing; give input-price and output-price, of a million tokens");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Augment is not null)
                yield return new($"{path}.augment", $"{Path} is asked about each text once, as it is; leave augment out");
            for (var i = 0; i < section.Objectives.Count; i++)
                if (section.Objectives[i].ReadsFeatures)
                    yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' reads inner values, and {Path} shows its answers alone; use soft-targets");
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
