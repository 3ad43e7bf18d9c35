using Decant.Data;
using Decant.Objectives;
using Decant.Recipes;
using Decant.Signals;
using Decant.Teachers;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>How a pupil gets its teacher's answers: remembered where every epoch shows the same samples and the answers fit in memory, else live.</summary>
/// <param name="teacher">Who is asked; it stays the caller's.</param>
/// <param name="batch">Samples that are asked about at a time.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="data">Its data.</param>
/// <param name="shelf">Where answers outlive this, and by what the teacher is known there; null: they do not.</param>
/// <param name="cancellationToken">Stops the asking.</param>
internal sealed class TransferAnswers(ITeacher teacher, int batch, Recipe recipe, PreparedData data, (AnswerShelf Shelf, string Teacher)? shelf, CancellationToken cancellationToken) : IDisposable
{
    private const long MostBytes = 1L << 30;

    private readonly Dictionary<Dataset, RememberedAnswers> _remembered = new(ReferenceEqualityComparer.Instance);
    private readonly List<RememberedFeatures> _shown = [];
    private readonly List<RememberedAnswers> _owned = [];

    // Inner values are thousands of numbers a sample: a quarter of what the process may have.
    internal static long MostFeatureBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>Whether the teacher is asked about every sample of a stage once, before it begins; inner values only as far as they fit in memory, else live.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Its data.</param>
    /// <param name="outputs">How many numbers an answer of the teacher has.</param>
    public static bool AreRemembered(DistillSection stage, Recipe recipe, PreparedData data, int outputs)
    {
        var samples = data.Transfer(stage.Transfer);
        var budget = Budget.Of(stage, data.BatchesPerEpoch(samples, stage));
        return stage.Augment is null
            && !recipe.Task.IsLanguageModel()
            && (data.IsOfOneShape || !ReadsFeatures(stage))
            && RememberedAnswers.BytesFor(data.RowsOf(samples), outputs) <= MostBytes
            && budget.Steps * stage.Accumulate >= budget.BatchesPerEpoch;
    }

    /// <summary>The teacher that the pupil asks in a stage.</summary>
    /// <remarks>What it answers, to the last bit, depends on the stage alone, and not on the stages that this process has seen before.</remarks>
    public ITeacher For(DistillSection stage)
    {
        if (!AreRemembered(stage, recipe, data, teacher.Offer.Outputs))
            return teacher;
        var samples = data.Transfer(stage.Transfer);
        if (ReadsFeatures(stage))
            return teacher is IFeatureTeacher features ? Showing(features, samples) : teacher;
        // What is on a shelf may be gone by the next stage: there it is looked for again.
        if (shelf is null && _remembered.TryGetValue(samples, out var answers))
            return answers;
        return _remembered[samples] = Asked(samples, []);
    }

    public void Dispose()
    {
        foreach (var features in _shown)
            features.Dispose();
        foreach (var answers in _owned)
            answers.Dispose();
    }

    /// <summary>Two ask at the same time, each with half of the cores.</summary>
    internal static CoreSplit Askers(int cores) => cores < 2 ? new(cores) : new(cores / 2, cores / 2);

    private static bool ReadsFeatures(DistillSection stage) => stage.Objectives.Any(o => o.As<ObjectiveOptions>().ReadsFeatures);

    private RememberedFeatures Showing(IFeatureTeacher features, Dataset samples)
    {
        RememberedAnswers? last = null;
        _shown.Add(new RememberedFeatures(features, data.All(samples, batch), samples.Count, MostFeatureBytes, paths =>
        {
            // Of one training after the other: nobody comes back to what the one before was shown, unless it is on the shelf.
            if (last is not null && _owned.Remove(last))
                last.Dispose();
            return last = Asked(samples, paths);
        }));
        return _shown[^1];
    }

    private RememberedAnswers Asked(Dataset samples, IReadOnlyList<string> paths)
    {
        if (shelf is ({ } there, var known))
            return there.Take(new(known, DataFingerprint.OfContents(samples), recipe.Input, data.Tokenizer?.Hash, batch, Runtime.Threads, string.Join(' ', paths)), Ask);
        _owned.Add(Ask());
        return _owned[^1];

        RememberedAnswers Ask() => RememberedAnswers.Ask(teacher, data.All(samples, batch), samples.Count, Askers(Runtime.Threads), cancellationToken);
    }
}
