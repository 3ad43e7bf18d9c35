using System.Globalization;
using Decant.Data;
using Decant.Objectives;
using Decant.Recipes;
using Decant.Reports;
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
/// <param name="told">Where the asking is shown and recorded, for which arm and seed; null: nowhere.</param>
/// <param name="cancellationToken">Stops the asking.</param>
internal sealed class TransferAnswers(
    ITeacher teacher, int batch, Recipe recipe, PreparedData data, (AnswerShelf Shelf, string Teacher)? shelf, (RunLog Log, string Arm, long Seed)? told, CancellationToken cancellationToken) : IDisposable
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
    public static bool AreRemembered(DistillSection stage, Recipe recipe, PreparedData data, int outputs) => WhyLive(stage, recipe, data, outputs) is null;

    /// <summary>Why the teacher must be asked about every batch of a stage anew, as a clause; null where it is asked about every sample once.</summary>
    public static string? WhyLive(DistillSection stage, Recipe recipe, PreparedData data, int outputs)
    {
        var samples = data.Transfer(stage.Transfer);
        var budget = Budget.Of(stage, data.BatchesPerEpoch(samples, stage));
        if (recipe.Task.IsLanguageModel())
            return "a language model's answers are too large to keep";
        if (stage.Augment is not null)
            return "'augment' shows it other samples in every epoch";
        if (!data.IsOfOneShape && ReadsFeatures(stage))
            return "an objective reads its features, and those of texts are not of one shape";
        if (RememberedAnswers.BytesFor(data.RowsOf(samples), outputs) is var bytes && bytes > MostBytes)
            return string.Create(CultureInfo.InvariantCulture, $"its answers would take {bytes >> 20:N0} MiB, and {MostBytes >> 20:N0} MiB are kept at most");
        return budget.Steps * stage.Accumulate >= budget.BatchesPerEpoch ? null : "the training ends before it has seen every sample once";
    }

    /// <summary>Whether a stage has an objective that reads features.</summary>
    public static bool ReadsFeatures(DistillSection stage) => stage.Objectives.Any(o => o.As<ObjectiveOptions>().ReadsFeatures);

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

        RememberedAnswers Ask()
        {
            var watch = new AnswersWatch(told is var (log, _, _) ? log.Show : null, new() { Purpose = AnswersAsked.TeacherAnswers, Arm = told?.Arm ?? "", Seed = told?.Seed ?? 0 });
            var answers = RememberedAnswers.Ask(teacher, watch.Over(data.All(samples, batch)), samples.Count, Askers(Runtime.Threads), cancellationToken);
            told?.Log.Write(watch.Last with { IsComplete = true });
            return answers;
        }
    }
}
