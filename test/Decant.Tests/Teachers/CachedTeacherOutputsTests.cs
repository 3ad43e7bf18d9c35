using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Local;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers;

public class CachedTeacherOutputsTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Fact]
    public void Every_sample_is_asked_about_once_and_answered_alike_ever_after()
    {
        var model = new TinyModel();
        using var local = new LocalTeacher(model, s_classes);
        using var teacher = CachedTeacherOutputs.Ask(local, TinySource.OfSize(3, 4), 12);
        Assert.Equal(3, model.Answers);
        var first = Answers(teacher, TinySource.OfSize(3, 4));
        var second = Answers(teacher, TinySource.OfSize(3, 4));
        Assert.Equal(12, teacher.Count);
        Assert.Equal(3, model.Answers);
        Assert.Equal(first, second);
        Assert.Equal(first, Answers(local, TinySource.OfSize(3, 4)));
    }

    [Fact]
    public void It_leaves_no_tensor_behind()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        var before = Tensor.LiveCount;
        using (var teacher = CachedTeacherOutputs.Ask(local, TinySource.OfSize(2, 4), 8))
            Answers(teacher, TinySource.OfSize(2, 4));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1+1")]
    public void However_many_ask_the_answers_are_the_same(string cores)
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        using var one = CachedTeacherOutputs.Ask(local, TinySource.OfSize(5, 4), 20);
        using var several = CachedTeacherOutputs.Ask(local, TinySource.OfSize(5, 4), 20, ThreadAllocation.Parse(cores));
        Assert.Equal(Answers(one, TinySource.OfSize(5, 4)), Answers(several, TinySource.OfSize(5, 4)));
    }

    [Fact]
    public void A_sample_that_nobody_asked_about_is_refused_by_its_id()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        using var teacher = CachedTeacherOutputs.Ask(local, TinySource.OfSize(1, 4), 4);
        var error = Assert.Throws<DecantException>(() => Answers(teacher, TinySource.OfSize(2, 4)));
        Assert.Contains("asked about 4 samples", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300)]      // small logits are made with the answer
    [InlineData(1_000_000)] // large ones are left to whoever reads them
    public void Kept_states_give_the_logits_of_the_teacher_and_leave_no_tensor_behind(int vocabulary)
    {
        using var local = new LocalTeacher(new TinyLanguageModel(vocabulary, width: 6, seed: 1, bias: true), []);
        var before = Tensor.LiveCount;
        using (var teacher = CachedTeacherOutputs.AskStates(local, new Sequences(), rows: 3))
        {
            Assert.Equal(CachedTeacherOutputs.BytesFor(12, 6), teacher.Bytes); // room for three rows has grown
            foreach (var batch in new Sequences().Enumerate(1))
            {
                using (batch)
                using (TensorScope.Open())
                {
                    var (kept, live) = (teacher.Answer(batch), local.Answer(batch));
                    Assert.Equal(live.GetType(), kept.GetType());
                    Assert.Equal(live.Whole().Rows(0, 2).Tensors[0].ToArray<float>(), kept.Whole().Rows(0, 2).Tensors[0].ToArray<float>());
                }
            }
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void States_of_a_teacher_without_a_head_are_not_to_be_had()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        Assert.Contains("has no head", Assert.Throws<ArgumentException>(() => CachedTeacherOutputs.AskStates(local, TinySource.OfSize(1, 4), 4)).Message);
    }

    /// <summary>Four sequences of three tokens, in pairs; in the second epoch in another order.</summary>
    private sealed class Sequences : IBatchSource
    {
        public int BatchesPerEpoch => 2;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            int[][] pairs = epoch == 0 ? [[0, 1], [2, 3]] : [[3, 1], [0, 2]];
            foreach (var pair in pairs)
            {
                var tokens = pair.SelectMany(s => new long[] { 1 + (3L * s), 2 + (3L * s), 3 + (3L * s) }).ToArray();
                yield return new Batch(Tensor.From(tokens, 2, 3), Tensor.From(new long[6]), 6, [.. pair.Select(s => new SampleId((ulong)s))], positions: Tensor.From(new long[] { 0, 1, 2, 3, 4, 5 }))
                {
                    RowsPerSample = [3, 3],
                };
            }
        }
    }

    private static float[] Answers(ITeacher teacher, IBatchSource source)
    {
        var all = new List<float>();
        foreach (var batch in source.Enumerate(0))
        {
            using (batch)
            using (TensorScope.Open())
                all.AddRange(((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>());
        }

        return [.. all];
    }
}
