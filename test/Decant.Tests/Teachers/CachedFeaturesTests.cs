using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Local;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers;

public class CachedFeaturesTests
{
    private const long Plenty = 1 << 20;

    private static readonly string[] s_classes = ["a", "b", "c"];
    private static readonly string[] s_paths = ["layers.0", "layers.1"];

    [Fact]
    public void What_it_remembers_is_what_the_teacher_shows_to_the_last_bit_for_batches_of_other_sizes_too()
    {
        using var local = new Counted();
        using var teacher = new CachedFeatures(local, TinySource.OfSize(3, 4), 12, Plenty);
        teacher.RequestFeatures(s_paths);
        Assert.True(teacher.IsRemembering);
        var remembered = Answers(teacher, new TinySource([.. Labels(12)], 5, 7));
        local.RequestFeatures(s_paths);
        var live = Answers(local, TinySource.OfSize(3, 4));
        Assert.Equal(live.Keys.Order(), remembered.Keys.Order());
        foreach (var (path, values) in live)
            Assert.Equal(values, remembered[path]);
    }

    [Fact]
    public void The_teacher_is_asked_once_for_a_choice_of_paths_and_again_for_another()
    {
        using var local = new Counted();
        using var teacher = new CachedFeatures(local, TinySource.OfSize(3, 4), 12, Plenty);
        teacher.RequestFeatures(["layers.0"]);
        var asked = local.Asked;
        Answers(teacher, TinySource.OfSize(3, 4));
        Answers(teacher, TinySource.OfSize(3, 4));
        Assert.Equal(asked, local.Asked);
        teacher.RequestFeatures(["layers.1"]);
        Assert.Equal(asked + 3, local.Asked);
        Assert.Equal(["layers.1", "logits"], Answers(teacher, TinySource.OfSize(3, 4)).Keys.Order());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData((12 * (3 + 5) * 4) - 1, false)]
    [InlineData(12 * (3 + 5) * 4, true)]
    public void What_would_take_more_memory_than_it_may_is_asked_for_live_with_the_same_answers(long mostBytes, bool remembers)
    {
        using var local = new Counted();
        using var teacher = new CachedFeatures(local, TinySource.OfSize(3, 4), 12, mostBytes);
        var before = Tensor.LiveBytes;
        teacher.RequestFeatures(["layers.0"]);
        Assert.Equal(remembers, teacher.IsRemembering);
        Assert.Equal(remembers ? mostBytes : 0, Tensor.LiveBytes - before);
        var asked = local.Asked;
        var answers = Answers(teacher, TinySource.OfSize(3, 4));
        Assert.Equal(remembers ? asked : asked + 3, local.Asked);
        local.RequestFeatures(["layers.0"]);
        Assert.Equal(Answers(local, TinySource.OfSize(3, 4))["layers.0"], answers["layers.0"]);
    }

    [Fact]
    public void Told_to_show_nothing_it_forgets_and_answers_with_logits()
    {
        using var local = new Counted();
        var before = Tensor.LiveCount;
        using var teacher = new CachedFeatures(local, TinySource.OfSize(3, 4), 12, Plenty);
        teacher.RequestFeatures(s_paths);
        teacher.RequestFeatures([]);
        Assert.False(teacher.IsRemembering);
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(["logits"], Answers(teacher, TinySource.OfSize(3, 4)).Keys);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_refused_as_the_teacher_refuses_it()
    {
        using var local = new Counted();
        using var teacher = new CachedFeatures(local, TinySource.OfSize(3, 4), 12, Plenty);
        Assert.Contains("layers.9", Assert.Throws<DecantException>(() => teacher.RequestFeatures(["layers.9"])).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<long> Labels(int count) => Enumerable.Range(0, count).Select(i => (long)i % 3);

    /// <summary>Logits and inner values of all samples, one after the other.</summary>
    private static Dictionary<string, float[]> Answers(ITeacher teacher, IBatchSource source)
    {
        var all = new Dictionary<string, List<float>>();
        foreach (var batch in source.Enumerate(0))
        {
            using (batch)
            using (TensorScope.Open())
            {
                var answer = (DenseLogits)teacher.Answer(batch);
                foreach (var (name, values) in answer.Features.Append(new("logits", answer.Logits)))
                {
                    if (!all.TryGetValue(name, out var known))
                        all[name] = known = [];
                    known.AddRange(values.ToArray<float>());
                }
            }
        }

        return all.ToDictionary(a => a.Key, a => a.Value.ToArray());
    }

    /// <summary>A perceptron 3-5-4-3 that counts how often it answers.</summary>
    private sealed class Counted : IFeatureTeacher
    {
        private readonly LocalTeacher _teacher = new(Drawn(), s_classes);

        public TeacherOffer Offer => _teacher.Offer;

        public int Asked { get; private set; }

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
        {
            Asked++;
            return _teacher.Answer(batch, cancellationToken);
        }

        public FeatureMap Features(Batch batch) => _teacher.Features(batch);

        public void RequestFeatures(IReadOnlyList<string> paths) => _teacher.RequestFeatures(paths);

        public void Dispose() => _teacher.Dispose();

        private static MlpClassifier Drawn()
        {
            using var generator = new Generator(3);
            return MlpClassifier.Create(new MlpOptions { Hidden = [5, 4] }, new ModelContext { Task = ModelTask.Classification, Classes = 3, ClassNames = s_classes, SampleShape = [3] }, generator);
        }
    }
}
