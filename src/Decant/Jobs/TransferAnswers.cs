using Decant.Objectives;
using Decant.Recipes;
using Decant.Signals;
using Decant.Teachers;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>How the student gets its teacher's answers: remembered where every epoch shows the same samples and the answers fit in memory, else live.</summary>
internal static class TransferAnswers
{
    private const long MostBytes = 1L << 30;

    /// <summary>Whether the teacher is asked about every sample once, before the student begins.</summary>
    public static bool AreRemembered(Recipe recipe, PreparedData data)
    {
        var samples = data.Student.Count;
        var budget = Budget.Of(recipe.Distill, data.BatchesPerEpoch(data.Student, recipe.Distill));
        return recipe.Distill.Augment is null
            && !recipe.Task.IsLanguageModel()
            && !recipe.Distill.Objectives.Any(o => o.As<ObjectiveOptions>().ReadsFeatures)
            && RememberedAnswers.BytesFor(samples, data.Classes.Count) <= MostBytes
            && budget.Steps * recipe.Distill.Accumulate >= budget.BatchesPerEpoch;
    }

    /// <summary>The teacher that the student asks; disposing it leaves the model alone.</summary>
    public static ITeacher Of(ITeacher teacher, Recipe recipe, PreparedData data, CancellationToken cancellationToken) =>
        AreRemembered(recipe, data) ? RememberedAnswers.Ask(teacher, data.All(data.Student), data.Student.Count, Askers(Runtime.Threads), cancellationToken) : teacher;

    /// <summary>Two ask at the same time, each with half of the cores.</summary>
    internal static CoreSplit Askers(int cores) => cores < 2 ? new(cores) : new(cores / 2, cores / 2);
}
