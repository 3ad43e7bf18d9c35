using Decant.Data.Chats;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What a teacher that is given more than its student needs, and goes with.</summary>
internal static class ContextChecks
{
    private const string Path = "teacher.context";

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        var (column, section) = (ContextSection.ColumnOf(recipe.Data.Train), recipe.Teacher?.Context);
        if (column is null && section is null)
            yield break;
        if (recipe.Teacher is not { } teacher)
        {
            yield return new("data.train.context", recipe.Teachers is null ? "a context is for a teacher, and there is none; leave it out" : "one teacher is given a context, and there are several; leave it out, or name one under 'teacher'");
            yield break;
        }

        var key = section is null ? "data.train.context" : Path;
        if (section is { Text: null } && column is null)
            yield return new(Path, "expected what the teacher is given: a 'text', or a column that 'context' of data.train names");
        if (section is { Text.Length: 0 })
            yield return new($"{Path}.text", "the text is empty, so that the teacher is given what the student is; leave 'context' out");
        if (section?.Text is not null && column is not null)
            yield return new($"{Path}.text", "each sample has a context of its own ('context' of data.train); leave one of the two out");
        if (recipe.Task != ModelTask.CausalLanguageModel)
            yield return new(key, "a context stands before the text of a causal language model, and the task is another; leave it out");
        if (teacher.Chat is not null || teacher.Embeddings is not null || teacher.Scores is not null || teacher.Gguf is not null)
            yield return new(key, "a context is for a network that is loaded or trained here; leave it out");
        if (recipe.Input.CarryState is true)
            yield return new(key, "'input.carry-state' reads the data as one running text, which a context would stand in the middle of; leave one of the two out");
        if (recipe.Input.Documents == Documents.Separate && recipe.Data.Train is not ChatFileOptions)
            yield return new("input.documents", $"the texts of a sequence see nothing of each other, and {key} stands before the first of them alone; leave 'documents' out");
        foreach (var (path, stage) in RecipeChecks.DistillSections(recipe).Where(s => s.Section.Rollouts is not null))
        {
            if (recipe.Data.Train is ChatFileOptions)
                yield return new($"{path}.rollouts", $"a system message of the teacher's own ({key}) goes with the texts of the data, and not with those that are written; leave one of the two out");
            if (stage.Rollouts!.Teacher.Largest > 0)
                yield return new($"{path}.rollouts.teacher", $"a teacher with a context ({key}) judges texts, and writes none; leave the teacher's share out");
        }
    }
}
