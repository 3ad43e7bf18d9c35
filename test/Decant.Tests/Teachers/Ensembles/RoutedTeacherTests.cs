using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Ensembles;
using Decant.Tests.Rollouts;
using Decant.Torch;

namespace Decant.Tests.Teachers.Ensembles;

/// <summary>Teachers that teach the samples of their tags.</summary>
public sealed class RoutedTeacherTests
{
    private static readonly string[] s_tags = ["a", "b", "none"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_row_is_the_answer_of_its_samples_teacher_in_the_batchs_order(int seed)
    {
        var random = new Random(seed);
        for (var trial = 0; trial < 30; trial++)
        {
            using var scope = TensorScope.Open();
            var (batch, tags, numbers) = Drawn(random);
            var routes = new Dictionary<string, ITeacher> { ["a"] = new Adding(100), ["b"] = new Adding(200) };
            using var teacher = new RoutedTeacher(routes, new HashSet<string> { "none" }, id => tags[(int)id.Value]);
            var rows = ((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>();
            var labels = batch.Labels.ToArray<long>();
            for (var row = 0; row < batch.Rows; row++)
            {
                var (sample, value) = numbers[row];
                var expected = tags[sample] switch { "a" => value + 100f, "b" => value + 200f, _ => labels[row] == 1 ? 0 : -1e4f };
                Assert.Equal(expected, rows[(row * Adding.Outputs) + 1]);
            }
        }
    }

    [Fact]
    public void Where_no_teacher_teaches_the_soft_targets_are_the_labels_cross_entropy()
    {
        using var scope = TensorScope.Open();
        var (batch, _, _) = Drawn(new Random(4));
        using var teacher = new RoutedTeacher(new Dictionary<string, ITeacher> { ["a"] = new Adding(0) }, new HashSet<string> { "none" }, _ => "none");
        var student = Tensor.From([.. Enumerable.Range(0, batch.Rows * Adding.Outputs).Select(i => (float)Math.Sin(i))], batch.Rows, Adding.Outputs);
        var loss = new Decant.Objectives.Logits.SoftTargetsObjective(new Decant.Objectives.Logits.SoftTargets { Temperature = 1 }).Compute(new StudentOutput(student), teacher.Answer(batch), batch).Sum.ToArray<float>()[0];
        var byHand = student.LogSoftmax(-1).Gather(-1, batch.Labels.Unsqueeze(1)).Sum().Neg().ToArray<float>()[0];
        Assert.Equal(byHand, loss, 1e-3f * Math.Abs(byHand));
    }

    [Theory]
    [InlineData("c", "the tag 'c'")]
    [InlineData(null, "samples without a tag")]
    public void A_tag_without_a_teacher_is_named(string? tag, string words)
    {
        using var scope = TensorScope.Open();
        var (batch, _, _) = Drawn(new Random(5));
        using var teacher = new RoutedTeacher(new Dictionary<string, ITeacher> { ["a"] = new Adding(0) }, new HashSet<string>(), _ => tag);
        var error = Assert.Throws<DecantException>(() => teacher.Answer(batch));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("they teach 'a'", error.Message, StringComparison.Ordinal);
    }

    // Sequences of unlike lengths with 1 to 4 rows each; what stands at a row tells its sample and place apart.
    private static (Batch Batch, string[] Tags, List<(int Sample, float Value)> Numbers) Drawn(Random random)
    {
        var count = 1 + random.Next(7);
        var rows = new TokenRows([.. Enumerable.Range(0, count).Select(i => new SampleId((ulong)i))], 6, 0, 1000);
        var numbers = new List<(int, float)>();
        for (var i = 0; i < count; i++)
        {
            int[] ids = [.. Enumerable.Range(0, 4 + random.Next(3)).Select(t => (10 * i) + t)];
            rows.Put(i, ids);
            foreach (var position in Enumerable.Range(0, ids.Length).Where(_ => random.Next(2) == 0).Append(ids.Length - 1).Distinct())
            {
                rows.Ask(i, position, random.Next(Adding.Outputs));
                numbers.Add((i, ids[position]));
            }
        }

        return (rows.ToBatch(), [.. Enumerable.Range(0, count).Select(_ => s_tags[random.Next(3)])], numbers);
    }

    /// <summary>Answers with the token at each row, and a number of its own.</summary>
    private sealed class Adding(float number) : ITeacher
    {
        public const int Outputs = 3;

        public TeacherOffer Offer { get; } = new(SignalKinds.DenseLogits, []) { Outputs = Outputs };

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) =>
            new DenseLogits(batch.Values.View(-1).IndexSelect(0, batch.Positions!).To(DType.Float32).Add(number).Unsqueeze(1).Expand(batch.Rows, Outputs));

        public void Dispose()
        {
        }
    }
}
