using System.Globalization;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>Gives a student its teacher's outputs: cached where every epoch has the same samples and the outputs fit in memory, else live.</summary>
/// <param name="teacher">The teacher; it stays the caller's.</param>
/// <param name="batch">Samples per forward pass of the teacher.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="data">Its data.</param>
/// <param name="cache">Keeps outputs beyond the lifetime of this, with the teacher's key in it; null: outputs are kept here only.</param>
/// <param name="recorded">The log that gets the progress, with arm and seed; null: none.</param>
/// <param name="cancellationToken">Stops between batches.</param>
internal sealed class TeacherProvider(
    ITeacher teacher, int batch, Recipe recipe, PreparedData data, (TeacherOutputCache Cache, string Teacher)? cache, (RunLog Log, string Arm, long Seed)? recorded, CancellationToken cancellationToken) : IDisposable
{
    private const long MostBytes = 1L << 30;

    private readonly Dictionary<(Dataset, AugmentOptions?), CachedTeacherOutputs> _remembered = [];
    private readonly List<CachedFeatures> _shown = [];
    private readonly List<CachedTeacherOutputs> _owned = [];
    private readonly HashSet<(Dataset, AugmentOptions?)> _filled = [];

    // Thousands of numbers a sample: a quarter of what the process may have.
    internal static long MostStateBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    internal static long MostFeatureBytes => MostStateBytes;

    /// <summary>Where the answers are kept on disk, which are then what a student learns from; null: nowhere. It stays the caller's.</summary>
    public AnswersOnDisk? Stored { get; init; }

    /// <summary>Whether the teacher's outputs for every sample of a stage are computed once, before it begins; features only as far as they fit in memory, else live.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Its data.</param>
    /// <param name="teacher">The teacher.</param>
    public static bool AreRemembered(DistillSection stage, Recipe recipe, PreparedData data, ITeacher teacher) => Keeping(stage, recipe, data, teacher).Kept != CachedOutputs.None;

    /// <summary>What is kept of a teacher's answers in a stage, and where nothing is: why the teacher must run for every batch anew, as a clause.</summary>
    public static (CachedOutputs Kept, string WhyLive) Keeping(DistillSection stage, Recipe recipe, PreparedData data, ITeacher teacher)
    {
        if (teacher is PackedTeacher)
            return (CachedOutputs.Disk, "");
        var samples = data.TransferSetOf(stage.TransferSet);
        var epochs = Epochs(stage, data, samples);
        if (recipe.Task == ModelTask.MaskedLanguageModel)
            return Live("other tokens are hidden in every epoch");
        if (recipe.Teacher?.Follow is { Follows: true })
            return Live("its weights follow the student's");
        if (stage.Rollouts is not null)
            return Live("texts are written anew in every update");
        if (teacher.Offer.Kinds == SignalKinds.TokenScores)
            return Live("it scores written texts alone");
        if (teacher.Offer.Kinds == SignalKinds.OtherTokens)
            return Live("it reads the texts with its own tokenizer, batch by batch");
        if (data.CarriesState)
            return Live("its state is carried from batch to batch");
        if (stage.Augment is { Views: null })
            return Live("'augment' shows it other samples in every epoch ('augment.views' says how many there are)");
        if (!data.IsOfOneShape && ReadsFeatures(stage))
            return Live("an objective reads its features, and those of texts are not of one shape");
        if (epochs < 1)
            return Live("the training ends before it has seen every sample once");
        if (stage.Augment is { Views: { } views } && views >= epochs)
            return Live("none of the views that 'augment' makes comes twice");
        var rows = data.RowsOf(samples) * ViewsOf(stage);
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

    /// <summary>How many views of each sample a teacher answers for beforehand.</summary>
    public static int ViewsOf(DistillSection stage) => stage.Augment?.Views ?? 1;

    /// <summary>Whether a stage has an objective that reads features.</summary>
    public static bool ReadsFeatures(DistillSection stage) => stage.Objectives.Any(o => o.ReadsFeatures);

    /// <summary>The teacher, or its cached outputs, that a stage learns from.</summary>
    /// <remarks>The outputs, to the last bit, depend on the stage alone, and not on the stages that this process has run before.</remarks>
    public ITeacher For(DistillSection stage)
    {
        var kept = Keeping(stage, recipe, data, teacher).Kept;
        var samples = data.TransferSetOf(stage.TransferSet);
        if (Stored is not null)
            return FromDisk(Stored, stage, kept, isWhole: Epochs(stage, data, samples) >= ViewsOf(stage));
        if (kept == CachedOutputs.None)
            return teacher;
        if (ReadsFeatures(stage))
            return teacher is IFeatureTeacher features ? Showing(features, stage) : teacher;
        // A shared cache may have dropped its entries by the next stage, so it is looked up again. States are of no use without their teacher, and are not in it.
        if ((cache is null || kept == CachedOutputs.States) && _remembered.TryGetValue((samples, stage.Augment), out var answers))
            return answers;
        return _remembered[(samples, stage.Augment)] = Asked(stage, [], kept);
    }

    private static double Epochs(DistillSection stage, PreparedData data, Dataset samples)
    {
        var budget = Budget.Of(stage, data.BatchesPerEpoch(samples, stage));
        return (double)budget.Steps * stage.Accumulate / budget.BatchesPerEpoch;
    }

    /// <summary>Where every sample is seen, all are answered first; all logits are then read once, if they fit in memory, and anything else batch by batch.</summary>
    private ITeacher FromDisk(AnswersOnDisk stored, DistillSection stage, CachedOutputs kept, bool isWhole)
    {
        var samples = data.TransferSetOf(stage.TransferSet);
        var looks = (samples, stage.Augment);
        if (_remembered.TryGetValue(looks, out var answers))
            return answers;
        if (isWhole && _filled.Add(looks))
        {
            stored.Fill(Watched(stage, out var watch), cancellationToken);
            recorded?.Log.Write(watch.Last with { IsComplete = true });
            recorded?.Log.Note(stored.Summary);
        }

        if (kept != CachedOutputs.Logits || !stored.Teacher.Offer.Kinds.HasFlag(SignalKinds.DenseLogits))
            return stored.Teacher;
        _owned.Add(Ask(stored.Teacher, CachedOutputs.Logits, data.All(samples, batch, stage.Augment), data.RowsOf(samples) * ViewsOf(stage), cancellationToken));
        return _remembered[looks] = _owned[^1];
    }

    private IBatchSource Watched(DistillSection stage, out AnswerProgress watch)
    {
        watch = new AnswerProgress(recorded is var (log, _, _) ? log.Show : null, new() { Purpose = AnswersAsked.TeacherAnswers, Arm = recorded?.Arm ?? "", Seed = recorded?.Seed ?? 0 });
        return watch.Over(data.All(data.TransferSetOf(stage.TransferSet), batch, stage.Augment));
    }

    public void Dispose()
    {
        foreach (var features in _shown)
            features.Dispose();
        foreach (var answers in _owned)
            answers.Dispose();
    }

    /// <summary>Two ask at the same time, each with half of the cores; one with all of them where the teacher answers one at a time.</summary>
    internal static ThreadAllocation Askers(int cores, bool isConcurrent = true) => cores < 2 || !isConcurrent ? new(cores) : new(cores / 2, cores / 2);

    /// <summary>Computes what is cached of a teacher's outputs.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="kept">What that is; not nothing.</param>
    /// <param name="batches">All samples once.</param>
    /// <param name="rows">How many rows their answers have, or more.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static CachedTeacherOutputs Ask(ITeacher teacher, CachedOutputs kept, IBatchSource batches, long rows, CancellationToken cancellationToken = default) => kept == CachedOutputs.States
        ? CachedTeacherOutputs.AskStates((IChunkedHeadTeacher)teacher, batches, rows, Askers(Runtime.Threads, teacher.IsConcurrent), cancellationToken)
        : CachedTeacherOutputs.Ask(teacher, batches, rows, Askers(Runtime.Threads, teacher.IsConcurrent), cancellationToken);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private CachedFeatures Showing(IFeatureTeacher features, DistillSection stage)
    {
        CachedTeacherOutputs? last = null;
        var all = data.All(data.TransferSetOf(stage.TransferSet), batch, stage.Augment);
        _shown.Add(new CachedFeatures(features, all, all.Count, MostFeatureBytes, paths =>
        {
            // One training follows another: the features of the earlier one are not read again, unless the shared cache keeps them.
            if (last is not null && _owned.Remove(last))
                last.Dispose();
            return last = Asked(stage, paths, CachedOutputs.Logits);
        }));
        return _shown[^1];
    }

    private CachedTeacherOutputs Asked(DistillSection stage, IReadOnlyList<string> paths, CachedOutputs kept)
    {
        var samples = data.TransferSetOf(stage.TransferSet);
        if (kept == CachedOutputs.Logits && cache is ({ } shared, var known))
            return shared.Take(new(known, DataFingerprint.OfContents(samples), (data.InputOfTeacher, stage.Augment), data.Tokenizer?.Hash, batch, Runtime.Threads, string.Join(' ', [.. paths, data.AnswersKey])), AskAll);
        _owned.Add(AskAll());
        return _owned[^1];

        CachedTeacherOutputs AskAll()
        {
            var answers = Ask(teacher, kept, Watched(stage, out var watch), data.RowsOf(samples) * ViewsOf(stage), cancellationToken);
            recorded?.Log.Write(watch.Last with { IsComplete = true });
            return answers;
        }
    }
}
