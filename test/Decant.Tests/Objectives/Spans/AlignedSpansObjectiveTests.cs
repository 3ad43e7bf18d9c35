using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Sequence;
using Decant.Objectives.Spans;
using Decant.Signals;
using Decant.Tests.Text.Alignment;
using Decant.Text.Alignment;
using Decant.Torch;

namespace Decant.Tests.Objectives.Spans;

public sealed class AlignedSpansObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "aligned-spans";

    protected override bool ComparesRows => true; // with other vocabularies, a span may have several

    protected override IObjective Create() => new AlignedSpansObjective(new AlignedSpans { Temperature = 3 });

    protected override IObjective Create(JsonElement options) => new AlignedSpansObjective(Options<AlignedSpans>(options));

    [Theory]
    [InlineData("Span")]
    [InlineData("FirstBytes")]
    [InlineData("SharedTokens")]
    [InlineData("MappedTokens")]
    public void The_probabilities_are_those_of_every_single_continuation_added_up(string events)
    {
        using var scope = TensorScope.Open();
        var kind = Enum.Parse<SpanEvents>(events);
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var case_ = SpanCase.Random(seed);
            foreach (var isStudent in new[] { true, false })
            {
                var given = new SpanProbabilities(kind, case_.Spans, case_.Logits(isStudent), isStudent).Of();
                var expected = case_.Added(kind, isStudent);
                Assert.Equal([case_.Spans.Count, expected[0].Length], given.Shape.ToArray());
                var numbers = given.ToArray<float>();
                for (var span = 0; span < case_.Spans.Count; span++)
                {
                    var row = numbers.AsSpan(span * expected[0].Length, expected[0].Length).ToArray();
                    Assert.Equal(1, row.Sum(), 1e-5);
                    for (var k = 0; k < row.Length; k++)
                        Assert.Equal(expected[span][k], row[k], 1e-6);
                }
            }
        }
    }

    [Theory]
    [InlineData("Span")]
    [InlineData("FirstBytes")]
    [InlineData("SharedTokens")]
    [InlineData("MappedTokens")]
    public void Sum_and_gradient_are_those_of_the_added_up_probabilities(string events)
    {
        using var scope = TensorScope.Open();
        var kind = Enum.Parse<SpanEvents>(events);
        var case_ = SpanCase.Random(7);
        var objective = new AlignedSpansObjective(new AlignedSpans { Events = kind });
        var logits = case_.Logits(true);
        logits.RequiresGrad = true;
        var (sum, count) = objective.Compute(new StudentOutput(logits), new OtherTokenLogits(case_.Logits(false), case_.Spans), case_.Batch());
        Assert.Equal(case_.StudentRows, count);
        Assert.Equal(case_.Divergence(kind), sum.ToArray<float>()[0], 1e-4);
        var gradient = Autograd.Grad([sum], [logits])[0]!.ToArray<float>();
        foreach (var element in new[] { 0, 3, 5, gradient.Length / 2, gradient.Length - 1 })
        {
            const double h = 1e-4;
            var slope = (case_.Moved(element, h).Divergence(kind) - case_.Moved(element, -h).Divergence(kind)) / (2 * h);
            Assert.Equal(slope, gradient[element], 2e-3);
        }
    }

    [Fact]
    public void Models_that_say_the_same_of_the_same_tokens_do_not_differ_and_others_never_less_than_that()
    {
        using var scope = TensorScope.Open();
        foreach (var kind in Enum.GetValues<SpanEvents>())
        {
            foreach (var divergence in Enum.GetValues<TokenDivergence>())
            {
                var objective = new AlignedSpansObjective(new AlignedSpans { Events = kind, Divergence = divergence });
                var same = SpanCase.Same(3);
                Assert.Equal(0, objective.Compute(new StudentOutput(same.Logits(true)), new OtherTokenLogits(same.Logits(false), same.Spans), same.Batch()).Sum.ToArray<float>()[0], 1e-5);
                foreach (var seed in Enumerable.Range(1, 4))
                {
                    var other = SpanCase.Random(seed);
                    Assert.InRange(objective.Compute(new StudentOutput(other.Logits(true)), new OtherTokenLogits(other.Logits(false), other.Spans), other.Batch()).Sum.ToArray<float>()[0], 0.001, 1e4);
                }
            }
        }
    }

    [Fact]
    public void Without_spans_nothing_is_learned_and_the_rows_still_count()
    {
        using var scope = TensorScope.Open();
        var case_ = SpanCase.Random(2);
        var nothing = new OtherTokenLogits(Tensor.Zeros([0, 5]), new(new(), new(), case_.Spans.Vocabularies));
        foreach (IObjective objective in new IObjective[] { new AlignedSpansObjective(), new UniversalLogitObjective() })
        {
            var (sum, count) = objective.Compute(new StudentOutput(case_.Logits(true)), nothing, case_.Batch());
            Assert.Equal((0f, (long)case_.StudentRows), (sum.ToArray<float>()[0], count));
        }
    }

    [Fact]
    public void Universal_logits_are_compared_where_spans_begin()
    {
        using var scope = TensorScope.Open();
        var case_ = SpanCase.Random(4);
        var expected = 0.0;
        for (var span = 0; span < case_.Spans.Count; span++)
        {
            double[] q = [.. case_.Next(true, span).OrderDescending()], p = [.. case_.Next(false, span).OrderDescending()];
            for (var i = 0; i < Math.Max(p.Length, q.Length); i++)
                expected += Math.Abs((i < p.Length ? p[i] : 0) - (i < q.Length ? q[i] : 0));
        }

        var sum = new UniversalLogitObjective().Compute(new StudentOutput(case_.Logits(true)), new OtherTokenLogits(case_.Logits(false), case_.Spans), case_.Batch()).Sum;
        Assert.Equal(expected, sum.ToArray<float>()[0], 1e-4);
    }

    [Fact]
    public void Objectives_that_need_the_same_tokens_say_what_to_use()
    {
        var offer = new TeacherOffer(SignalKinds.OtherTokens, []);
        Assert.Contains("use aligned-spans or universal-logit", ((IObjective)new Decant.Objectives.Logits.SoftTargetsObjective()).WhyNot(offer));
        Assert.Contains("use aligned-spans or universal-logit", ((IObjective)new OnPolicyObjective()).WhyNot(offer));
        Assert.Null(((IObjective)new AlignedSpansObjective()).WhyNot(offer));
        Assert.Null(((IObjective)new UniversalLogitObjective()).WhyNot(offer));
    }
}
