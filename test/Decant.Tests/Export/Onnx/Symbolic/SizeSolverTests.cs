using Decant.Export.Onnx.Symbolic;

namespace Decant.Tests.Export.Onnx.Symbolic;

/// <summary>Formulas of numbers that were seen at several sizes.</summary>
public class SizeSolverTests
{
    private static readonly IReadOnlyDictionary<string, long>[] s_sizes =
    [
        .. new (long B, long T, long P)[] { (2, 7, 3), (3, 5, 8), (5, 11, 2), (2, 13, 7), (4, 9, 10), (3, 6, 4) }
            .Select(s => new Dictionary<string, long> { ["batch"] = s.B, ["sequence"] = s.T, ["past"] = s.P }),
    ];

    [Theory]
    [InlineData("7", 0)]
    [InlineData("batch", 1)]
    [InlineData("12 + batch", 2)]
    [InlineData("4*batch", 3)]
    [InlineData("batch*sequence", 4)]
    [InlineData("past + sequence", 5)]
    [InlineData("-1 + past + sequence", 6)]
    [InlineData("3 + 2*batch*sequence", 7)]
    public void A_formula_is_found(string expected, int which)
    {
        Func<long, long, long, long>[] formulas =
        [
            (_, _, _) => 7, (b, _, _) => b, (b, _, _) => b + 12, (b, _, _) => 4 * b, (b, t, _) => b * t, (_, t, p) => p + t, (_, t, p) => p + t - 1, (b, t, _) => (2 * b * t) + 3,
        ];

        Assert.Equal(expected, Solve(formulas[which])?.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Where_none_fits_there_is_none(int which)
    {
        Func<long, long, long, long>[] formulas = [(_, t, _) => (t + 1) / 2, (b, t, p) => (b * b) + (t * p * p)];

        Assert.Null(Solve(formulas[which]));
    }

    [Fact]
    public void A_formula_gives_the_number_for_sizes_that_were_never_seen()
    {
        var size = Solve((b, t, p) => (b * t) + (4 * p))!;

        Assert.Equal((6 * 100) + (4 * 1000), size.At(new Dictionary<string, long> { ["batch"] = 6, ["sequence"] = 100, ["past"] = 1000 }));
    }

    [Fact]
    public void Sums_and_products_are_written_in_one_way()
    {
        var (batch, sequence) = (Size.Varying("batch"), Size.Varying("sequence"));

        Assert.Equal(batch * sequence + 2, 2 + (sequence * batch));
        Assert.Equal(0, (batch - batch).Constant);
        Assert.Equal("batch", (batch + sequence - sequence).Symbol);
        Assert.Equal("3*batch + batch*sequence", ((sequence + 3) * batch).ToString());
    }

    private static Size? Solve(Func<long, long, long, long> formula) =>
        new SizeSolver(s_sizes).Solve([.. s_sizes.Select(s => formula(s["batch"], s["sequence"], s["past"]))]);
}
