using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class TargetMseObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "target-mse";

    protected override bool IsDivergence => false; // of what the data wants, not of a teacher

    protected override bool CountsUnlabelled => false;

    protected override bool TakesRuledOutClasses => false; // a difference of ∞

    protected override IObjective Create() => new TargetMseObjective();

    protected override IObjective Create(JsonElement options) => new TargetMseObjective();

    [Fact]
    public void Worked_by_hand_the_squares_are_summed_over_samples_and_averaged_over_outputs()
    {
        // (1, −2) and (0, 3): (1 + 4) ÷ 2 + 9 ÷ 2 = 7; the gradient is the difference, 2·d ÷ C.
        var (sum, count, gradient) = Of([2, 0, 5, 3], [1, 2, 5, 0], outputs: 2, labelled: 2);
        Assert.Equal(7, sum, 1e-6);
        Assert.Equal(2, count);
        Assert.Equal([1, -2, 0, 3], gradient);
    }

    [Fact]
    public void A_sample_without_numbers_neither_counts_nor_pulls()
    {
        var (sum, count, gradient) = Of([2, 7], [1, float.NaN], outputs: 1, labelled: 1);
        Assert.Equal(1, sum, 1e-6);
        Assert.Equal(1, count);
        Assert.Equal([2, 0], gradient);
        Assert.Equal((0, 0), Of([2, 7], [float.NaN, float.NaN], outputs: 1, labelled: 0) is var (none, nobody, _) ? (none, nobody) : default);
    }

    [Fact]
    public void Classes_instead_of_numbers_are_refused_with_what_came()
    {
        using var batch = new Batch(Tensor.Zeros([2, 1]), Tensor.From(new long[] { 0, 1 }), 2, [new SampleId(1), new SampleId(2)]);
        var error = Assert.Throws<DecantException>(() => new TargetMseObjective().Compute(new StudentOutput(Tensor.Zeros([2, 1])), null, batch));
        Assert.Contains("[2, 1]", error.Message, StringComparison.Ordinal);
        Assert.Contains("Int64", error.Message, StringComparison.Ordinal);
        Assert.Contains("'target'", error.Message, StringComparison.Ordinal);
    }

    private static (double Sum, long Count, float[] Gradient) Of(float[] answers, float[] wanted, int outputs, int labelled)
    {
        var rows = answers.Length / outputs;
        using var batch = new Batch(Tensor.Zeros([rows, 1]), Tensor.From(wanted, rows, outputs), labelled, [.. Enumerable.Range(0, rows).Select(i => new SampleId((ulong)i))]);
        var student = Tensor.From(answers, rows, outputs);
        student.RequiresGrad = true;
        var (sum, count) = new TargetMseObjective().Compute(new StudentOutput(student), null, batch);
        if (count > 0)
            sum.Backward();
        return (sum.Detach().Item(), count, student.Grad?.ToArray<float>() ?? []);
    }
}
