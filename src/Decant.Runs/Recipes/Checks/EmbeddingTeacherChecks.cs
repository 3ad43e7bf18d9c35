using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>A teacher behind an API makes vectors of texts, and shows nothing else.</summary>
internal static class EmbeddingTeacherChecks
{
    private const string Path = "teacher.embeddings";

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher is not { Embeddings: { } embeddings } teacher)
            yield break;
        if (teacher with { Embeddings = null } != new TeacherSection())
            yield return new(Path, "the teacher makes vectors behind an API, and no network is loaded or trained for it; keep 'embeddings' alone under teacher");
        foreach (var finding in ChatAccessChecks.Of(embeddings, Path))
            yield return finding;
        if (recipe.Task != ModelTask.Embedding)
            yield return new(Path, "it makes vectors of texts: task: embedding");
        if (recipe.Student.IsPartOfTeacher)
            yield return new("student.from-teacher", $"{Path} has no layers to begin with; give student.model");
        if (recipe.Distill.TransferSet?.Data is not null)
            yield return new("distill.transfer-set.data", $"{Path} is asked about the samples of data; put the texts there");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Augment is not null)
                yield return new($"{path}.augment", $"{Path} is asked about each text once, as it is; leave augment out");
            for (var i = 0; i < section.Objectives.Count; i++)
                if (section.Objectives[i].ReadsFeatures)
                    yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' reads inner values, and {Path} shows its vectors alone; use vectors");
        }
    }
}
