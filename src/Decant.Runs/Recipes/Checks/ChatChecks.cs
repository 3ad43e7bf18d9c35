using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>A teacher behind an API classifies texts, and shows nothing but its answers.</summary>
internal static class ChatChecks
{
    private const string Path = "teacher.chat";

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher is not { Chat: { } chat } teacher)
            yield break;
        if (teacher with { Chat = null } != new TeacherSection())
            yield return new(Path, "the teacher is a chat model, and no network is loaded or trained for it; keep 'chat' alone under teacher");
        foreach (var finding in ChatAccessChecks.Of(chat, Path))
            yield return finding;
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
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Augment is not null)
                yield return new($"{path}.augment", $"{Path} is asked about each text once, as it is; leave augment out");
            for (var i = 0; i < section.Objectives.Count; i++)
                if (section.Objectives[i].ReadsFeatures)
                    yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' reads inner values, and {Path} shows its answers alone; use soft-targets");
        }
    }
}
