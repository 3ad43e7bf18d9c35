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
            var logits = case_.Logits(true);
            logits.RequiresGrad = true;
            var (sum, count) = objective.Compute(new StudentOutput(logits), nothing, case_.Batch());
            Assert.Equal((0f, (long)case_.StudentRows), (sum.ToArray<float>()[0], count));
            Assert.All(Autograd.Grad([sum], [logits])[0]!.ToArray<float>(), slope => Assert.Equal(0, slope)); // a loss without a gradient would end the run
        }
    }

    [Theory]
    [InlineData("Span")]
    [InlineData("FirstBytes")]
    [InlineData("SharedTokens")]
    [InlineData("MappedTokens")]
    public void A_span_that_the_student_finds_all_but_impossible_is_learned(string events)
    {
        using var scope = TensorScope.Open();
        var (kind, case_) = (Enum.Parse<SpanEvents>(events), SpanCase.Random(6));
        var side = case_.Spans.Student;
        int[] elements = [.. side.Rows.Zip(side.Tokens, (row, token) => (int)((row * case_.Logits(true).Size(1)) + token))];
        foreach (var element in elements)
            case_ = case_.Moved(element, -120); // less than float32 has room for, of one token already
        var logits = case_.Logits(true);
        logits.RequiresGrad = true;
        var sum = new AlignedSpansObjective(new AlignedSpans { Events = kind }).Compute(new StudentOutput(logits), new OtherTokenLogits(case_.Logits(false), case_.Spans), case_.Batch()).Sum;
        var slopes = Autograd.Grad([sum], [logits])[0]!.ToArray<float>();
        if (kind is SpanEvents.Span or SpanEvents.FirstBytes)
            Assert.Equal(case_.Divergence(kind), sum.ToArray<float>()[0], 0.01); // of the others, classes have no room either
        Assert.All(elements, element => Assert.True(slopes[element] < 0, $"{slopes[element]} at {element}"));
    }

    [Theory]
    [InlineData(TokenDivergence.Forward)]
    [InlineData(TokenDivergence.Reverse)]
    [InlineData(TokenDivergence.JensenShannon)]
    public void A_teacher_that_is_certain_of_what_the_student_cannot_say_breaks_nothing(TokenDivergence divergence)
    {
        using var scope = TensorScope.Open();
        var case_ = SpanCase.Random(4);
        var map = case_.Spans.Vocabularies.Map!;
        Assert.True(map.IsFromStudent);
        var unsayable = Enumerable.Range(0, map.Targets - 1).First(id => !map.To.Contains(id) && !case_.Spans.Teacher.Tokens.Contains(id));
        var teacher = case_.Logits(false);
        var certain = teacher + Tensor.From([.. Enumerable.Range(0, (int)teacher.Size(1)).Select(id => id == unsayable ? 900f : 0)], teacher.Size(1));
        var logits = case_.Logits(true);
        logits.RequiresGrad = true;
        var sum = new AlignedSpansObjective(new AlignedSpans { Divergence = divergence }).Compute(new StudentOutput(logits), new OtherTokenLogits(certain, case_.Spans), case_.Batch()).Sum;
        Assert.True(float.IsFinite(sum.ToArray<float>()[0]));
        Assert.All(Autograd.Grad([sum], [logits])[0]!.ToArray<float>(), slope => Assert.True(float.IsFinite(slope)));
        if (divergence == TokenDivergence.Forward)
            Assert.Equal(0, sum.ToArray<float>()[0], 1e-6); // there is nothing to ask of it
    }

    [Fact]
    public void What_the_student_cannot_say_at_one_span_is_not_asked_of_it_there_because_another_span_of_the_batch_begins_so()
    {
        using var scope = TensorScope.Open();
        var case_ = SpanCase.Random(3);
        var (spans, pair) = (case_.Spans, case_.Spans.Vocabularies);
        var (theirs, other) = ((int)spans.Teacher.Tokens[(int)spans.Teacher.Starts[0]], (int)spans.Teacher.Tokens[(int)spans.Teacher.Starts[2]]);
        // In the texts that were counted another stood wherever the student's tokens would stand for the one that the first span begins with.
        var unseen = TokenMap.Of(pair, new Dictionary<(int, int), long>());
        pair.Map = TokenMap.Of(pair, unseen.From.Zip(unseen.To).Where(e => e.Second == theirs).ToDictionary(e => ((int)e.First, other), _ => 1L));
        Assert.True(pair.Map.IsFromStudent);
        Assert.DoesNotContain(theirs, pair.Map.To);
        var given = new SpanProbabilities(SpanEvents.MappedTokens, spans, case_.Logits(false), false).Of().ToArray<float>();
        foreach (var (k, expected) in case_.Added(SpanEvents.MappedTokens, false).SelectMany(row => row).Index())
            Assert.Equal(expected, given[k], 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_beyond_the_tokens_are_of_what_says_nothing(bool isStudent)
    {
        using var scope = TensorScope.Open();
        var case_ = SpanCase.Random(5);
        var logits = case_.Logits(isStudent);
        var padded = Tensor.Cat([logits, Tensor.Zeros([logits.Size(0), 7]) + 3], -1);
        foreach (var kind in Enum.GetValues<SpanEvents>())
            Assert.All(new SpanProbabilities(kind, case_.Spans, padded, isStudent).Of().Sum(-1).ToArray<float>(), sum => Assert.Equal(1, sum, 1e-4));
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
