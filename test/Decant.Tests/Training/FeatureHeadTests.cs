using Decant.Data;
using Decant.Data.Batching;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Modules;
using Decant.Objectives.Features;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>Objectives on inner values beside logits that are made in parts: the same training as with all logits at once.</summary>
public class FeatureHeadTests
{
    private const int Vocabulary = 6_000, Samples = 16, Length = 128;

    [Fact]
    public void A_language_model_learns_hidden_states_and_attention_beside_logits_in_parts_as_with_all_logits_at_once()
    {
        var (parts, whole) = (Train(inParts: true), Train(inParts: false));
        Assert.Equal(3, parts.Losses.Count);
        foreach (var (a, b) in parts.Losses.Zip(whole.Losses))
            Assert.Equal(b, a, 1e-5 * Math.Abs(b));
        foreach (var (name, expected) in whole.Gradients)
        {
            var largest = expected.Max(Math.Abs);
            Assert.True(largest > 0, name);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - parts.Gradients[name][i]) <= 1e-3 * largest, $"{name}[{i}]: {expected[i]} at once, {parts.Gradients[name][i]} in parts");
        }
    }

    /// <summary>Losses, and how every weight of student and projections moved under plain gradient descent: the gradients, added up.</summary>
    private static (List<double> Losses, Dictionary<string, float[]> Gradients) Train(bool inParts)
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        using var student = Create(new Gpt2Options { Layers = 1, Hidden = 8, Heads = 2 }, generator);
        using var teacher = new LocalTeacher(Create(new Gpt2Options { Layers = 2, Hidden = 12, Heads = 2 }, generator), []);
        using var example = Source.Batch();
        var context = new ObjectiveContext(() => FeatureMap.Of("The student", student, example), () => teacher.Features(example)) { Generator = generator };
        using var states = new HiddenStatesObjective(new HiddenStates { Layers = LayerMapping.Uniform }, context);
        using var relations = new AttentionRelationsObjective(new AttentionRelations(), context);
        var parameters = student.NamedParameters().Concat(states.Trained.NamedParameters()).ToArray();
        var before = parameters.ToDictionary(p => p.Key, p => p.Value.Detach().Clone());
        var losses = new List<double>();
        IObjective soft = new SoftTargetsObjective(new SoftTargets { Temperature = 1 });
        using var loop = new TrainLoop(
            new TrainingPlan
            {
                Student = student,
                Teacher = teacher,
                Objectives = [new(inParts ? soft : new AtOnce(soft), 1), new(states, 2), new(relations, 0.5)],
                Batches = new Source(),
                Optimizer = new SgdOptimizer(Optimizer.GroupByDecay(parameters, 0), new Sgd { LearningRate = 0.05 }),
                Schedule = new ConstantSchedule(3, new ConstantRate()),
                LearningRate = 0.05,
                Epochs = 3,
            },
            new Recorder { AtStep = step => losses.Add(step.Loss) });
        loop.Run();
        return (losses, parameters.ToDictionary(p => p.Key, p => (p.Value.Detach() - before[p.Key]).ToArray<float>()));
    }

    private static Model Create(Gpt2Options options, Generator generator) => ModelFamilies.All.Single(f => f.Kind == "gpt2").Create(
        options, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = Vocabulary, MaxTokens = Length }, generator);

    /// <summary>The same objective, which does not say that it may be computed in parts.</summary>
    private sealed class AtOnce(IObjective inner) : IObjective
    {
        public string Kind => inner.Kind;

        public SignalKinds Needs => inner.Needs;

        public long Count(Batch batch) => inner.Count(batch);

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) => inner.Compute(student, teacher, batch);
    }

    /// <summary>One batch of texts of several lengths, again and again.</summary>
    private sealed class Source : IBatchSource
    {
        public int BatchesPerEpoch => 1;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            yield return Batch();
        }

        public static Batch Batch()
        {
            var random = new Random(5);
            var mask = Enumerable.Range(0, Samples).SelectMany(row => Enumerable.Range(0, Length).Select(t => t < Length - row)).ToArray();
            var rows = Enumerable.Range(0, mask.Length).Where(i => mask[i]).Select(i => (long)i).ToArray();
            return new Batch(
                Tensor.From([.. mask.Select(_ => (long)random.Next(Vocabulary))], Samples, Length), Tensor.From([.. rows.Select(_ => (long)random.Next(Vocabulary))]), rows.Length,
                [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))], attentionMask: Tensor.From(mask, Samples, Length), positions: Tensor.From(rows));
        }
    }
}
