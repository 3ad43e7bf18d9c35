using Decant.Compression.Quantization.Agreement;
using Decant.Compression.Quantization.Calibrating;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Tests.Compression.Quantization.Agreement;

public class OnnxAgreementTests
{
    [Fact]
    public void Figures_are_those_of_the_hand()
    {
        // softmax (3/4, 1/4) against (1/4, 3/4): KL = 3/4 ln 3 − 1/4 ln 3 = ln 3 / 2
        var rows = new RowDifferences();
        var log3 = MathF.Log(3);
        rows.Add(new OnnxArray(new[] { log3, 0, 5, 5 - log3 }, 2, 2), new OnnxArray(new[] { 0, log3, 5, 5 - log3 }, 2, 2));

        var figures = rows.Figures()!;

        Assert.Equal(2, figures.Rows);
        Assert.Equal(0, figures.KlMedian, 6); // of 0 and ln 3 / 2 the lower one
        Assert.Equal(Math.Log(3) / 2, figures.Kl99, 6);
        Assert.Equal(0.5, figures.SameAnswer);
        Assert.Equal(0, figures.CosineMedian, 6); // of 0 and 1 the lower one
        Assert.Equal(log3, figures.LargestDifference, 6);
    }

    [Fact]
    public void A_model_agrees_with_itself()
    {
        using var session = ModelSession.Open(GraphBuilder.TwoLayers());

        var figures = OnnxAgreement.Measure(session, session, GraphBuilder.Samples(3, 2, 5, 64));

        Assert.Equal(30, figures.Rows);
        Assert.Equal((0.0, 1.0, 0.0), (figures.Kl99, figures.SameAnswer, figures.LargestDifference));
        Assert.Equal(1, figures.CosineMedian, 9);
    }

    [Fact]
    public void No_sample_is_refused()
    {
        using var session = ModelSession.Open(GraphBuilder.TwoLayers());

        Assert.Throws<DecantException>(() => OnnxAgreement.Measure(session, session, []));
    }

    [Fact]
    public void Outputs_of_other_shapes_are_refused()
    {
        using var one = ModelSession.Open(GraphBuilder.TwoLayers());
        using var other = ModelSession.Open(GraphBuilder.TwoLayers(outputs: 8));

        Assert.Contains("[1, 3, 32] and [1, 3, 8]", Assert.Throws<DecantException>(() => OnnxAgreement.Measure(one, other, GraphBuilder.Samples(1, 1, 3, 64))).Message);
    }

    [Fact]
    public void Drift_needs_a_batch()
    {
        using var session = ModelSession.Open(GraphBuilder.TwoLayers());

        Assert.Throws<DecantException>(() => BatchDrift.Measure(session, GraphBuilder.Samples(1, 1, 3, 64)[0]));
    }
}
