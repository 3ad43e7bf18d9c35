using System.Globalization;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>How a pupil gets its teacher's answers: remembered where every epoch shows the same samples and the answers fit in memory, else live.</summary>
/// <param name="teacher">Who is asked; it stays the caller's.</param>
/// <param name="batch">Samples that are asked about at a time.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="data">Its data.</param>
/// <param name="shelf">Where answers outlive this, and by what the teacher is known there; null: they do not.</param>
/// <param name="told">Where the asking is shown and recorded, for which arm and seed; null: nowhere.</param>
/// <param name="cancellationToken">Stops the asking.</param>
internal sealed class TeacherProvider(
    ITeacher teacher, int batch, Recipe recipe, PreparedData data, (TeacherOutputCache Shelf, string Teacher)? shelf, (RunLog Log, string Arm, long Seed)? told, CancellationToken cancellationToken) : IDisposable
{
    private const long MostBytes = 1L << 30;

    private readonly Dictionary<Dataset, CachedTeacherOutputs> _remembered = new(ReferenceEqualityComparer.Instance);
    private readonly List<CachedFeatures> _shown = [];
    private readonly List<CachedTeacherOutputs> _owned = [];

    // Thousands of numbers a sample: a quarter of what the process may have.
    internal static long MostStateBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    internal static long MostFeatureBytes => MostStateBytes;

    /// <summary>Whether the teacher is asked about every sample of a stage once, before it begins; inner values only as far as they fit in memory, else live.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Its data.</param>
    /// <param name="teacher">Who is asked.</param>
    public static bool AreRemembered(DistillSection stage, Recipe recipe, PreparedData data, ITeacher teacher) => Keeping(stage, recipe, data, teacher).Kept != CachedOutputs.None;

    /// <summary>What is kept of a teacher's answers in a stage, and where nothing is: why the teacher must be asked about every batch anew, as a clause.</summary>
    public static (CachedOutputs Kept, string WhyLive) Keeping(DistillSection stage, Recipe recipe, PreparedData data, ITeacher teacher)
    {
        var samples = data.TransferSetOf(stage.TransferSet);
        var budget = Budget.Of(stage, data.BatchesPerEpoch(samples, stage));
        var epochs = (double)budget.Steps * stage.Accumulate / budget.BatchesPerEpoch;
        if (recipe.Task == RecipeTask.MaskedLm)
            return Live("other tokens are hidden in every epoch");
        if (data.CarriesState)
            return Live("its state is carried from batch to batch");
        if (stage.Augment is not null)
            return Live("'augment' shows it other samples in every epoch");
        if (!data.IsOfOneShape && ReadsFeatures(stage))
            return Live("an objective reads its features, and those of texts are not of one shape");
        if (epochs < 1)
            return Live("the training ends before it has seen every sample once");
        var rows = data.RowsOf(samples);
        var logits = CachedTeacherOutputs.BytesFor(rows, teacher.Offer.Outputs);
        if (logits <= MostBytes)
            return (CachedOutputs.Logits, "");
        if ((teacher as IChunkedHeadTeacher)?.Head is not { Weight: var weight })
            return Live(Invariant($"its outputs would take {logits >> 20:N0} MiB, and {MostBytes >> 20:N0} MiB are cached at most"));
        var states = CachedTeacherOutputs.BytesFor(rows, weight.Size(1));
        if (states > MostStateBytes)
            return Live(Invariant($"its outputs would take {logits >> 20:N0} MiB, the states before them {states >> 20:N0} MiB, and {MostStateBytes >> 20:N0} MiB are cached at most"));
        // The logits are made of them in every batch: in a single epoch nothing would be saved.
        return epochs > 1 ? (CachedOutputs.States, "") : Live("every sample is seen once");

        static (CachedOutputs, string) Live(string why) => (CachedOutputs.None, why);
    }

    /// <summary>Whether a stage has an objective that reads features.</summary>
    public static bool ReadsFeatures(DistillSection stage) => stage.Objectives.Any(o => o.As<ObjectiveOptions>().ReadsFeatures);

    /// <summary>The teacher that the pupil asks in a stage.</summary>
    /// <remarks>What it answers, to the last bit, depends on the stage alone, and not on the stages that this process has seen before.</remarks>
    public ITeacher For(DistillSection stage)
    {
        var kept = Keeping(stage, recipe, data, teacher).Kept;
        if (kept == CachedOutputs.None)
            return teacher;
        var samples = data.TransferSetOf(stage.TransferSet);
        if (ReadsFeatures(stage))
            return teacher is IFeatureTeacher features ? Showing(features, samples) : teacher;
        // What is on a shelf may be gone by the next stage: there it is looked for again. States are of no use without their teacher, and lie on none.
        if ((shelf is null || kept == CachedOutputs.States) && _remembered.TryGetValue(samples, out var answers))
            return answers;
        return _remembered[samples] = Asked(samples, [], kept);
    }

    public void Dispose()
    {
        foreach (var features in _shown)
            features.Dispose();
        foreach (var answers in _owned)
            answers.Dispose();
    }

    /// <summary>Two ask at the same time, each with half of the cores.</summary>
    internal static ThreadAllocation Askers(int cores) => cores < 2 ? new(cores) : new(cores / 2, cores / 2);

    /// <summary>Asks a teacher for what is kept of its answers.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="kept">What that is; not nothing.</param>
    /// <param name="batches">All samples once.</param>
    /// <param name="rows">How many rows their answers have, or more.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static CachedTeacherOutputs Ask(ITeacher teacher, CachedOutputs kept, IBatchSource batches, long rows, CancellationToken cancellationToken = default) => kept == CachedOutputs.States
        ? CachedTeacherOutputs.AskStates((IChunkedHeadTeacher)teacher, batches, rows, Askers(Runtime.Threads), cancellationToken)
        : CachedTeacherOutputs.Ask(teacher, batches, rows, Askers(Runtime.Threads), cancellationToken);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private CachedFeatures Showing(IFeatureTeacher features, Dataset samples)
    {
        CachedTeacherOutputs? last = null;
        _shown.Add(new CachedFeatures(features, data.All(samples, batch), samples.Count, MostFeatureBytes, paths =>
        {
            // Of one training after the other: nobody comes back to what the one before was shown, unless it is on the shelf.
            if (last is not null && _owned.Remove(last))
                last.Dispose();
            return last = Asked(samples, paths, CachedOutputs.Logits);
        }));
        return _shown[^1];
    }

    private CachedTeacherOutputs Asked(Dataset samples, IReadOnlyList<string> paths, CachedOutputs kept)
    {
        if (kept == CachedOutputs.Logits && shelf is ({ } there, var known))
            return there.Take(new(known, DataFingerprint.OfContents(samples), recipe.Input, data.Tokenizer?.Hash, batch, Runtime.Threads, string.Join(' ', paths)), AskAll);
        _owned.Add(AskAll());
        return _owned[^1];

        CachedTeacherOutputs AskAll()
        {
            var watch = new AnswerProgress(told is var (log, _, _) ? log.Show : null, new() { Purpose = AnswersAsked.TeacherAnswers, Arm = told?.Arm ?? "", Seed = told?.Seed ?? 0 });
            var answers = Ask(teacher, kept, watch.Over(data.All(samples, batch)), data.RowsOf(samples), cancellationToken);
            told?.Log.Write(watch.Last with { IsComplete = true });
            return answers;
        }
    }
}
