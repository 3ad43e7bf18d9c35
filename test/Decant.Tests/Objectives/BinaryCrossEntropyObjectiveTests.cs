using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class BinaryCrossEntropyObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "binary-cross-entropy";

    protected override bool IsDivergence => false; // of what the data wants, not of a teacher

    protected override bool CountsUnlabelled => false;

    protected override bool TakesRuledOutClasses => false; // a label that is there is then infinitely wrong

    protected override IObjective Create() => new BinaryCrossEntropyObjective();

    protected override IObjective Create(JsonElement options) => new BinaryCrossEntropyObjective(Options<BinaryCrossEntropy>(options));

    [Fact]
    public void Worked_by_hand_every_label_is_a_question_of_its_own()
    {
        // σ(0) = ½: −log ½ for each of two labels, halved: log 2; the gradient is (σ(z) − y) ÷ C, also where the logit is exactly 0.
        var (sum, count, gradient) = Of(new(), [0, 0], [1, 0], labelled: 1);
        Assert.Equal(Math.Log(2), sum, 1e-6);
        Assert.Equal(1, count);
        Assert.Equal([-0.25f, 0.25f], gradient);
    }

    [Fact]
    public void A_positive_weight_counts_what_a_sample_has_and_not_what_it_has_not()
    {
        var weighted = new BinaryCrossEntropy { PositiveWeights = [3, 3] };
        Assert.Equal(2 * Math.Log(2), Of(weighted, [0, 0], [1, 0], labelled: 1).Sum, 1e-6); // (3 + 1) ÷ 2
        Assert.Contains("positive-weights has 2 numbers, and there are 3 labels", Assert.Throws<DecantException>(() => Of(weighted, [0, 0, 0], [1, 0, 0], labelled: 1)).Message);
        Assert.Contains("above 0", Assert.Throws<DecantException>(() => new BinaryCrossEntropyObjective(new() { PositiveWeights = [1, 0] })).Message);
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_vanish()
    {
        var (sum, _, gradient) = Of(new(), [200, -200], [0, 1], labelled: 1);
        Assert.Equal(200, sum, 1e-4);
        Assert.Equal([0.5f, -0.5f], gradient);
    }

    [Fact]
    public void Classes_instead_of_labels_are_refused_with_what_came()
    {
        using var batch = new Batch(Tensor.Zeros([2, 1]), Tensor.From(new long[] { 0, 1 }), 2, [new SampleId(1), new SampleId(2)]);
        var error = Assert.Throws<DecantException>(() => new BinaryCrossEntropyObjective().Compute(new StudentOutput(Tensor.Zeros([2, 3])), null, batch));
        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("'labels'", error.Message, StringComparison.Ordinal);
    }

    private static (double Sum, long Count, float[] Gradient) Of(BinaryCrossEntropy options, float[] answers, float[] wanted, int labelled)
    {
        using var batch = new Batch(Tensor.Zeros([1, 1]), Tensor.From(wanted, 1, wanted.Length), labelled, [new SampleId(1)]);
        var student = Tensor.From(answers, 1, answers.Length);
        student.RequiresGrad = true;
        var (sum, count) = new BinaryCrossEntropyObjective(options).Compute(new StudentOutput(student), null, batch);
        sum.Backward();
        return (sum.Detach().Item(), count, student.Grad!.ToArray<float>());
    }
}
