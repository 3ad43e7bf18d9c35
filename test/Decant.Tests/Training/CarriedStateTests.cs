using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.LstmLanguage;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>Truncated back-propagation through time: recurrent student and teacher go on from batch to batch, and a resumed training too.</summary>
public class CarriedStateTests
{
    private const int Batches = 5;

    public static TheoryData<int, string?> EveryStep()
    {
        var all = new TheoryData<int, string?>();
        foreach (var cores in new[] { null, "1+1" })
        {
            for (var step = 1; step < 2 * Batches; step++)
                all.Add(step, cores);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void Resumed_after_any_update_both_states_are_what_they_were(int step, string? cores)
    {
        using var whole = new Run(cores);
        whole.Train();
        using var stop = new CancellationTokenSource();
        using var first = new Run(cores, s => { if (s.Step == step) stop.Cancel(); });
        first.Train(token: stop.Token);
        using var snapshot = first.Loop.Capture();
        using var second = new Run(cores);
        second.Train(snapshot);
        Assert.Equal(whole.Weights(), second.Weights());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1+1")]
    public void A_validation_between_two_batches_disturbs_no_state(string? cores)
    {
        using var without = new Run(cores);
        using var with = new Run(cores, validateEvery: 2);
        without.Train();
        with.Train();
        Assert.Equal(5, with.Validations);
        Assert.Equal(without.Weights(), with.Weights());
    }

    [Fact]
    public void Who_carries_a_state_learns_something_else_than_who_begins_anew()
    {
        using var carried = new Run();
        using var anew = new Run(carries: false);
        carried.Train();
        anew.Train();
        Assert.NotEqual(carried.Weights(), anew.Weights());
    }

    [Fact]
    public void A_teacher_answers_a_batch_in_the_light_of_those_before_and_begins_anew_where_it_does_not_continue()
    {
        using var scope = TensorScope.Open();
        using var run = new Run();
        using var teacher = run.NewTeacher();
        var batches = run.Source.Enumerate(0).ToArray();
        var inTurn = batches.Select(b => ((DenseLogits)teacher.Answer(b).Whole()).Logits.ToArray<float>()).ToArray();
        using var other = run.NewTeacher();
        using var alone = new Batch(batches[1].Values.Clone(), batches[1].Labels.Clone(), batches[1].LabelledCount, batches[1].Ids, positions: batches[1].Positions!.Clone());
        Assert.NotEqual(inTurn[1], ((DenseLogits)other.Answer(alone).Whole()).Logits.ToArray<float>());
        Assert.Equal(inTurn[0], ((DenseLogits)teacher.Answer(batches[0]).Whole()).Logits.ToArray<float>());
        Assert.False(teacher.IsConcurrent);
        foreach (var batch in batches)
            batch.Dispose();
    }

    /// <summary>An LSTM language model of two layers with dropout teaches a smaller one.</summary>
    private sealed class Run : IDisposable
    {
        private readonly LstmLanguageModel _teacherModel = Model(hidden: 7, seed: 3);
        private readonly LstmLanguageModel _student = Model(hidden: 5, seed: 4);
        private readonly LocalTeacher _teacher;
        private readonly Optimizer _optimizer;

        public Run(string? cores = null, Action<StepReport>? atStep = null, bool carries = true, long? validateEvery = null)
        {
            Source = new Stream();
            _teacher = new LocalTeacher(_teacherModel, [], owns: false, carriesState: carries);
            _optimizer = new SgdOptimizer(Optimizer.GroupByDecay(_student.NamedParameters(), 0), new Sgd { LearningRate = 0.5 });
            Loop = new TrainLoop(
                new TrainingPlan
                {
                    Student = _student,
                    Teacher = _teacher,
                    Cores = cores is null ? null : ThreadAllocation.Parse(cores),
                    CarriesState = carries,
                    Objectives = [new(new SoftTargetsObjective(), 0.5), new(new LabelsObjective(), 0.5)],
                    Batches = Source,
                    Optimizer = _optimizer,
                    Schedule = new ConstantSchedule(2 * Batches, new ConstantRate()),
                    LearningRate = 0.5,
                    Epochs = 2,
                    ValidateEvery = validateEvery,
                    Validate = validateEvery is null ? null : _ => Validated(),
                },
                new Recorder { AtStep = s => atStep?.Invoke(s) });
        }

        public Stream Source { get; }

        public int Validations { get; private set; }

        public TrainLoop Loop { get; }

        public LocalTeacher NewTeacher() => new(_teacherModel, [], owns: false, carriesState: true);

        public void Train(TrainingSnapshot? from = null, CancellationToken token = default)
        {
            using var generator = Generator.Default();
            generator.Seed(17);
            Loop.Run(from, token);
        }

        public float[] Weights() => [.. _student.StateDict().SelectMany(s => s.Value.ToArray<float>())];

        public void Dispose()
        {
            Loop.Dispose();
            _optimizer.Dispose();
            _teacher.Dispose();
            _teacherModel.Dispose();
            _student.Dispose();
        }

        /// <summary>Asks the student about text of its own, batch after batch; the last validation is the best.</summary>
        private Dictionary<string, double> Validated()
        {
            using var state = new RecurrentState();
            foreach (var batch in new Stream().Enumerate(epoch: 9))
            {
                using (batch)
                    _ = _student.Forward(batch.ToInput(state));
            }

            return new() { ["accuracy"] = ++Validations };
        }

        private static LstmLanguageModel Model(int hidden, ulong seed)
        {
            using var generator = new Generator(seed);
            var options = new LstmLanguageOptions { Hidden = hidden, InputDropout = 0.2, OutputDropout = 0.2 };
            return LstmLanguageModel.Create(options, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 11 }, generator);
        }
    }

    /// <summary>Two lanes of tokens, four at a time.</summary>
    private sealed class Stream : IBatchSource
    {
        private const int Lanes = 2, Length = 4, Vocabulary = 11;

        public int BatchesPerEpoch => Batches;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            for (var b = firstBatch; b < Batches; b++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var random = new Random((epoch * 100) + b);
                yield return new Batch(
                    Tensor.From(Draw(random), Lanes, Length), Tensor.From(Draw(random)), Lanes * Length, [new SampleId((ulong)b), new SampleId((ulong)b + 50)],
                    positions: Tensor.From(Enumerable.Range(0, Lanes * Length).Select(i => (long)i).ToArray()))
                {
                    Continues = b > 0,
                };
            }
        }

        private static long[] Draw(Random random) => [.. Enumerable.Range(0, Lanes * Length).Select(_ => (long)random.Next(Vocabulary))];
    }
}
