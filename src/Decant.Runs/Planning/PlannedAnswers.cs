using System.Diagnostics;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Torch;

namespace Decant.Runs.Planning;

/// <summary>What a training's teacher answers will cost.</summary>
/// <param name="Kept">What is cached, so that the teacher runs once per sample.</param>
/// <param name="WhyLive">Where nothing is: why the teacher runs for every batch anew, as a clause.</param>
/// <param name="Samples">N, the samples of the transfer set.</param>
/// <param name="Views">How many views of each of them the teacher answers for.</param>
/// <param name="OnceSeconds">The time of one forward pass for each of them; null where answers cannot be kept, or an earlier training has cached them.</param>
/// <param name="LiveSeconds">The time of the teacher's forward passes in all updates; 0 where its outputs are cached.</param>
internal sealed record AnswerCost(CachedOutputs Kept, string WhyLive, int Samples, int Views, double? OnceSeconds, double LiveSeconds);

/// <summary>Times a few of a teacher's answers, the way that a training gets them.</summary>
internal sealed class PlannedAnswers(Recipe recipe, PreparedData data)
{
    private const int TimedBatches = 6;

    private readonly HashSet<(ITeacher, Dataset, AugmentOptions?)> _asked = [];

    /// <summary>What an arm's answers cost; null of one without a teacher.</summary>
    public AnswerCost? Of(Arm arm) => arm is { Teacher: { } teacher, Fit: DistillSection stage } ? Of(teacher, stage, arm.Budget.Steps * stage.Accumulate, arm.Seed) : null;

    /// <summary>What the answers cost that a stage needs.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="batches">The batches that it sees in all.</param>
    /// <param name="seed">The seed.</param>
    public AnswerCost Of(ITeacher teacher, DistillSection stage, long batches, long seed)
    {
        var samples = data.TransferSetOf(stage.TransferSet);
        var (kept, live) = TeacherProvider.Keeping(stage, recipe, data, teacher);
        if (kept != CachedOutputs.None)
            return new(kept, "", samples.Count, TeacherProvider.ViewsOf(stage), _asked.Add((teacher, samples, stage.Augment)) ? Once(teacher, data.All(samples, stage.Batch, stage.Augment), stage.Batch, kept) : null, 0);
        var perBatch = Live(teacher, data.Batches(samples, stage, (ulong)seed));
        return new(kept, live, samples.Count, 1, recipe.Task.IsLanguageModel() ? null : Once(teacher, data.All(samples, stage.Batch), stage.Batch, CachedOutputs.Logits), batches * perBatch);
    }

    /// <summary>An arm as it is to be timed: where outputs are cached, with those of the first batches computed already.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="batches">Its batches.</param>
    /// <param name="count">How many of them it sees.</param>
    /// <param name="owned">Takes what must be disposed of after the timing.</param>
    public Arm Timed(Arm arm, IBatchSource batches, int count, ICollection<IDisposable> owned)
    {
        if (arm is not { Teacher: { } teacher, Fit: DistillSection stage } || TeacherProvider.Keeping(stage, recipe, data, teacher).Kept is var kept && kept == CachedOutputs.None)
            return arm;
        var first = new First(batches, count);
        if (kept == CachedOutputs.Disk)
        {
            AnswerAll(teacher, first);
            return arm;
        }

        var all = data.TransferSetOf(stage.TransferSet).Count * TeacherProvider.ViewsOf(stage);
        if (TeacherProvider.ReadsFeatures(stage))
        {
            if (teacher is not IFeatureTeacher features)
                return arm;
            // Whether features fit in memory is a question of all samples, though the teacher runs on some of them only.
            var showing = new CachedFeatures(features, first, all, TeacherProvider.MostFeatureBytes, _ => Ask());
            owned.Add(showing);
            return arm with { Teacher = showing };
        }

        return arm with { Teacher = Ask() };

        CachedTeacherOutputs Ask()
        {
            var answers = TeacherProvider.Ask(teacher, kept, first, Math.Min(all, count * arm.Fit.Batch));
            owned.Add(answers);
            return answers;
        }
    }

    /// <summary>Batches from the longest to the shortest, each counted for its neighbours in length.</summary>
    private static double Once(ITeacher teacher, IMeasuredSource all, int batch, CachedOutputs kept)
    {
        var work = all.WorkPerBatch();
        var count = Math.Min(TimedBatches, work.Count);
        int[] numbers = [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)((long)i * (work.Count - 1) / (count - 1)))];
        Batch[] Timed() => [.. numbers.Select(n => all.EnumerateSynchronously(0, n).First())];
        Ask(new Listed(() => Timed()[..1]), batch); // caches filled, code compiled
        var batches = new Listed(Timed);
        _ = batches.Made; // making them is other threads' work in a run
        var clock = Stopwatch.StartNew();
        Ask(batches, count * batch);
        return clock.Elapsed.TotalSeconds * work.Sum() / numbers.Sum(n => work[n]);

        void Ask(IBatchSource some, int rows)
        {
            if (kept == CachedOutputs.Disk)
                AnswerAll(teacher, some);
            else
                TeacherProvider.Ask(teacher, kept, some, rows).Dispose();
        }
    }

    /// <summary>Has a teacher that keeps its answers answer once.</summary>
    private static void AnswerAll(ITeacher teacher, IBatchSource batches)
    {
        foreach (var batch in batches.EnumerateSynchronously(0))
        {
            using (batch)
            using (TensorScope.Open())
                _ = teacher.Answer(batch.MoveTo(teacher.Device ?? batch.Device));
        }
    }

    private static double Live(ITeacher teacher, IBatchSource training)
    {
        var seconds = new List<double>();
        foreach (var batch in training.EnumerateSynchronously(0).Take(TimedBatches / 2))
        {
            using (batch)
            using (TensorScope.Open())
            {
                var clock = Stopwatch.StartNew();
                var answer = teacher.Answer(batch);
                if (answer is ChunkedHeadLogits chunked)
                    ReadAll(chunked, batch.Rows);
                seconds.Add(clock.Elapsed.TotalSeconds);
            }
        }

        return seconds.Order().ElementAt(seconds.Count / 2);
    }

    /// <summary>Logits of a large vocabulary are made some rows at a time, as the objectives read them.</summary>
    private static void ReadAll(ChunkedHeadLogits answer, long rows)
    {
        foreach (var (first, count) in LogitChunks.Of((int)rows, answer.Head.Weight.Size(0)))
        {
            using var scope = TensorScope.Open();
            _ = answer.Rows(first, count);
        }
    }

    /// <summary>The first batches of an epoch.</summary>
    private sealed class First(IBatchSource batches, int count) : IBatchSource
    {
        public int BatchesPerEpoch => count;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
            batches.EnumerateSynchronously(epoch, firstBatch, cancellationToken).Take(count - firstBatch);
    }

    /// <summary>Batches that are made once, when they are first needed.</summary>
    private sealed class Listed(Func<Batch[]> make) : IBatchSource
    {
        private Batch[]? _made;

        public Batch[] Made => _made ??= make();

        public int BatchesPerEpoch => Made.Length;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            var made = Made;
            _made = null; // the caller disposes of them; the next call makes others
            return made;
        }
    }
}
