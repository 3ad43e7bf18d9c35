using System.Text.Json;
using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Teachers.Ensembles;
using Decant.Tests.Objectives;
using Decant.Torch;

namespace Decant.Tests.Teachers.Ensembles;

/// <summary>Against numbers that PyTorch made in double precision; see Golden/ensembles.py.</summary>
public class MixtureTests
{
    private const int Cases = 10;

    public static TheoryData<int> All => [.. Enumerable.Range(0, Cases)];

    [Fact]
    public void The_reference_has_the_cases_that_are_tested() => Assert.Equal(Cases, Read().Length);

    [Theory]
    [MemberData(nameof(All))]
    public void Answers_and_weights_are_those_of_the_reference(int index)
    {
        using var scope = TensorScope.Open();
        var given = Read()[index];
        var (weights, labels) = (WeightsOf(given), Labels(given));
        var logits = Logits(given);
        var log = Tensor.Stack([.. logits.Select(l => l.LogSoftmax(1))]);
        var shares = weights.Of(log, labels);
        var expected = given.GetProperty("weights");
        for (var k = 0; k < expected.GetArrayLength(); k++)
            Close(Numbers(expected[k]), Row(shares, k, (int)logits[0].Size(0)), 2e-6);
        Close([.. given.GetProperty("answer").EnumerateArray().SelectMany(Numbers)], MixtureIn(given, weights).Answer(logits, labels).ToArray<float>(), 2e-5);
        (weights as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_objective_tempers_the_ensemble_as_the_one_teacher_that_it_is_and_not_its_members(int index)
    {
        using var scope = TensorScope.Open();
        var given = Read()[index];
        var weights = WeightsOf(given);
        var labels = Numbers(given.GetProperty("labels")).Select(l => (long)l).ToArray();
        var answer = MixtureIn(given, weights).Answer(Logits(given), Labels(given)).ToArray<float>();
        var student = given.GetProperty("student").EnumerateArray().SelectMany(Numbers).Select(x => (float)x).ToArray();
        var rows = new ObjectiveCase(labels.Length, student.Length / labels.Length, student, answer, labels);
        var sum = Measure.Of(new SoftTargetsObjective(new SoftTargets { Temperature = given.GetProperty("temperature").GetDouble() }), rows).Sum;
        Assert.Equal(given.GetProperty("soft-targets").GetDouble(), sum, 3);
        Assert.NotEqual(given.GetProperty("tempered-members").GetDouble(), sum, 1);
        (weights as IDisposable)?.Dispose();
    }

    [Fact]
    public void The_mean_of_probabilities_is_a_distribution_and_that_of_logits_another()
    {
        using var scope = TensorScope.Open();
        // One is sure of the first class, the other of the second: a half each; the geometric mean gives the third more than either did.
        Tensor[] logits = [Tensor.From(new[] { 4f, 0f, 0f }, 1, 3), Tensor.From(new[] { 0f, 4f, 0f }, 1, 3)];
        var sure = Math.Exp(4) / (Math.Exp(4) + 2);
        var unsure = 1 / (Math.Exp(4) + 2);
        var mean = new Mixture(MixtureOf.Probabilities, FixedWeights.Equal(2)).Answer(logits).Exp().ToArray<float>();
        Close([(sure + unsure) / 2, (sure + unsure) / 2, unsure], mean, 1e-6);
        Close([2, 2, 0], new Mixture(MixtureOf.Logits, FixedWeights.Equal(2)).Answer(logits).ToArray<float>(), 1e-6);
    }

    [Fact]
    public void The_cosine_of_vectors_side_by_side_is_the_weighted_mean_of_the_members_cosines()
    {
        using var scope = TensorScope.Open();
        // Two texts. One teacher holds them for 60° apart, in two numbers; the other for alike, in three, of other lengths.
        Tensor[] vectors = [Tensor.From([2f, 0f, 1f, MathF.Sqrt(3)], 2, 2), Tensor.From([0f, 3f, 4f, 0f, 6f, 8f], 2, 3)];
        var joint = new Mixture(MixtureOf.Concatenation, new FixedWeights([3, 1])).Answer(vectors);
        Assert.Equal([2L, 5L], joint.Shape);
        var lengths = joint.Square().Sum(1).ToArray<float>();
        Assert.Equal((1f, 1f), (lengths[0], lengths[1]), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-6);
        Assert.Equal((0.75 * 0.5) + (0.25 * 1), joint.Select(0, 0).Mul(joint.Select(0, 1)).Sum().Item(), 1e-6);
        // A vector of zeros has no direction, and stays one.
        Assert.Equal([0f, 0f, 0f, 1f], new Mixture(MixtureOf.Concatenation, new FixedWeights([0, 1])).Answer([Tensor.Zeros([1, 3]), Tensor.From([5f], 1, 1)]).ToArray<float>());
    }

    [Theory]
    [InlineData(MixtureOf.Probabilities)]
    [InlineData(MixtureOf.Logits)]
    public void Members_that_agree_answer_as_one_of_them_whatever_their_weights(object of)
    {
        using var scope = TensorScope.Open();
        var one = ObjectiveCase.Random(5, 4, seed: 2);
        var logits = Tensor.From(one.Teacher, 5, 4);
        foreach (var weights in new MemberWeights[] { new FixedWeights([1, 5, 0]), new ConfidenceWeights(), new ConfidenceWeights(usesLabels: true) })
            Close([.. logits.LogSoftmax(1).ToArray<float>().Select(x => (double)x)], new Mixture((MixtureOf)of, weights).Answer([logits, logits, logits], Tensor.From(one.Labels)).LogSoftmax(1).ToArray<float>(), 1e-5);
    }

    [Fact]
    public void The_temperature_commutes_with_the_mean_of_logits_and_not_with_that_of_probabilities()
    {
        using var scope = TensorScope.Open();
        var some = ObjectiveCase.Random(6, 4, seed: 3);
        Tensor[] logits = [Tensor.From(some.Student, 6, 4), Tensor.From(some.Teacher, 6, 4)];
        Tensor[] tempered = [.. logits.Select(l => l.Div(3))];
        foreach (var (of, commutes) in new[] { (MixtureOf.Logits, true), (MixtureOf.Probabilities, false) })
        {
            var mixture = new Mixture(of, FixedWeights.Equal(2));
            var difference = mixture.Answer(logits).Div(3).LogSoftmax(1).Sub(mixture.Answer(tempered).LogSoftmax(1)).Abs().ToArray<float>().Max();
            Assert.Equal(commutes, difference < 1e-5);
        }
    }

    [Fact]
    public void A_member_that_is_sure_counts_more_than_one_that_doubts_and_one_that_is_right_more_than_one_that_is_wrong()
    {
        using var scope = TensorScope.Open();
        Tensor[] logits = [Tensor.From(new[] { 9f, 0f, 0f }, 1, 3), Tensor.From(new[] { 0.1f, 0f, 0f }, 1, 3)];
        var log = Tensor.Stack([.. logits.Select(l => l.LogSoftmax(1))]);
        var byEntropy = new ConfidenceWeights().Of(log, Tensor.From(new[] { 1L })).ToArray<float>();
        Assert.True(byEntropy[0] > 0.7, $"{byEntropy[0]}");
        var byLabel = new ConfidenceWeights(usesLabels: true).Of(log, Tensor.From(new[] { 1L })).ToArray<float>();
        Assert.True(byLabel[0] < 0.01, $"{byLabel[0]}");
        var unlabelled = new ConfidenceWeights(usesLabels: true).Of(log, Tensor.From(new[] { (long)Batch.NoLabel })).ToArray<float>();
        Assert.Equal(byEntropy, unlabelled);
    }

    [Fact]
    public void Certainty_and_classes_ruled_out_give_finite_weights_and_answers()
    {
        using var scope = TensorScope.Open();
        Tensor[] logits = [Tensor.From(new[] { 1e5f, 0f, float.NegativeInfinity }, 1, 3), Tensor.From(new[] { 0f, 1e5f, 0f }, 1, 3), Tensor.From(new[] { 0f, 0f, 0f }, 1, 3)];
        foreach (var weights in new MemberWeights[] { FixedWeights.Equal(3), new ConfidenceWeights(), new ConfidenceWeights(usesLabels: true) })
        {
            var answer = new Mixture(MixtureOf.Probabilities, weights).Answer(logits, Tensor.From(new[] { 2L })).Exp().ToArray<float>();
            Assert.Equal(1, answer.Sum(), 1e-5);
            Assert.All(answer, p => Assert.True(p >= 0 && float.IsFinite(p), $"{p}"));
        }
    }

    [Fact]
    public void A_single_member_has_the_whole_weight()
    {
        using var scope = TensorScope.Open();
        var log = Tensor.From(new[] { 1f, 2f }, 1, 1, 2).LogSoftmax(2);
        foreach (var weights in new MemberWeights[] { FixedWeights.Equal(1), new ConfidenceWeights(), new ConfidenceWeights(usesLabels: true) })
            Assert.Equal([1f], weights.Of(log, Tensor.From(new[] { 0L })).ToArray<float>());
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(-1.0, 2.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(double.PositiveInfinity, 1.0)]
    public void Weights_that_are_none_are_refused(double first, double second) => Assert.Throws<DecantException>(() => new FixedWeights([first, second]));

    private static JsonElement[] Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "ensembles.json")));
        return [.. document.RootElement.EnumerateArray().Select(c => c.Clone())];
    }

    private static Mixture MixtureIn(JsonElement given, MemberWeights weights) =>
        new(given.GetProperty("combine").GetString() == "logits" ? MixtureOf.Logits : MixtureOf.Probabilities, weights);

    private static Tensor[] Logits(JsonElement given) => [.. given.GetProperty("logits").EnumerateArray().Select(m =>
        Tensor.From([.. m.EnumerateArray().SelectMany(Numbers).Select(x => (float)x)], m.GetArrayLength(), m[0].GetArrayLength()))];

    private static Tensor Labels(JsonElement given) => Tensor.From([.. Numbers(given.GetProperty("labels")).Select(l => (long)l)]);

    private static MemberWeights WeightsOf(JsonElement given)
    {
        switch (given.GetProperty("kind").GetString())
        {
            case "fixed": return new FixedWeights(Numbers(given.GetProperty("fixed")));
            case "confidence": return new ConfidenceWeights();
            case "label-confidence": return new ConfidenceWeights(usesLabels: true);
            default:
                var (a, b) = (given.GetProperty("gate")[0], given.GetProperty("gate")[1]);
                var gate = new GateWeights(b.GetArrayLength(), a[0].GetArrayLength() / b.GetArrayLength());
                using (Autograd.NoGrad())
                {
                    gate.Gate.Weight.CopyInPlace(Tensor.From([.. a.EnumerateArray().SelectMany(Numbers).Select(x => (float)x)], a.GetArrayLength(), a[0].GetArrayLength()));
                    gate.Gate.Bias!.CopyInPlace(Tensor.From([.. Numbers(b).Select(x => (float)x)]));
                }

                return gate;
        }
    }

    private static float[] Row(Tensor shares, int member, int rows)
    {
        var row = shares.Narrow(0, member, 1).ToArray<float>();
        return row.Length == 1 ? [.. Enumerable.Repeat(row[0], rows)] : row;
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];

    private static void Close(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double within)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], within);
    }
}
