using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Tests.Models.FromTeacher;

/// <summary>Ranks by energy, worked by hand, and factors beside numbers of numpy 1.24.2 (numpy.linalg.svd).</summary>
public sealed class TruncatedSvdTests
{
    [Fact]
    public void A_matrix_of_rank_1_has_rank_1_at_any_energy_below_all_of_it()
    {
        using var scope = TensorScope.Open();
        var svd = new TruncatedSvd(Tensor.From([1f, 2f, 3f, 2f, 4f, 6f, -1f, -2f, -3f], 3, 3), "w");
        Assert.Equal(1, svd.RankOf(1 - 1e-9));
        Assert.Equal(1, svd.RankOf(0.1));
        Assert.Equal(Math.Sqrt(14 * 6), svd.SingularValues[0], 10); // |[1, 2, -1]| · |[1, 2, 3]|
        Same([1, 2, 3, 2, 4, 6, -1, -2, -3], svd.Factors(1), 1e-12);
    }

    [Theory] // 9, 4 and 1 of 14
    [InlineData(0.64, 1)]
    [InlineData(0.65, 2)]
    [InlineData(0.92, 2)]
    [InlineData(0.93, 3)]
    [InlineData(1.0, 3)]
    public void The_rank_is_the_smallest_whose_squared_singular_values_have_the_share(double energy, int rank)
    {
        using var scope = TensorScope.Open();
        var svd = new TruncatedSvd(Tensor.From([0f, 2f, 0f, -3f, 0f, 0f, 0f, 0f, 1f, 0f, 0f, 0f], 4, 3), "w");
        Assert.Equal([3, 2, 1], svd.SingularValues.Select(s => Math.Round(s, 12)));
        Assert.Equal(rank, svd.RankOf(energy));
    }

    [Fact]
    public void Factors_of_the_full_rank_are_the_matrix_and_of_a_lower_one_as_far_from_it_as_the_singular_values_left_out()
    {
        using var scope = TensorScope.Open();
        float[] matrix = [0.5f, -1.25f, 2f, 0.75f, 1f, 0.25f, -0.5f, 1.5f, -2.25f, 0f, 0.125f, 3f];
        var svd = new TruncatedSvd(Tensor.From(matrix, 4, 3), "w");
        double[] numpy = [4.499513637, 1.737099718, 0.867459857];
        Assert.Equal(numpy, svd.SingularValues.Select(s => Math.Round(s, 9)));
        Same([.. matrix.Select(v => (double)v)], svd.Factors(3), 1e-12);
        Same([0.25229115, -1.242651473, 2.035193899, 0.079314165, 1.019896556, 0.345289488, -0.279814269, 1.493467973, -2.281283478, 0.421070953, 0.112508516, 2.940175215], svd.Factors(2), 1e-8);
        var (left, right) = svd.Factors(2);
        Assert.Equal((4, 2), (left.Size(0), left.Size(1)));
        Assert.Equal((2, 3), (right.Size(0), right.Size(1)));
        Assert.Equal(left.Norm([0], keep: false).ToArray<double>().Select(v => Math.Round(v, 9)), right.Norm([1], keep: false).ToArray<double>().Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_by_name()
    {
        using var scope = TensorScope.Open();
        Assert.Contains("'bert.x.weight'", Assert.Throws<DecantException>(() => new TruncatedSvd(Tensor.From([1f, float.NaN], 1, 2), "bert.x.weight")).Message);
    }

    private static void Same(double[] expected, (Tensor Left, Tensor Right) factors, double tolerance)
    {
        var product = factors.Left.MatMul(factors.Right).ToArray<double>();
        Assert.Equal(expected.Length, product.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], product[i], tolerance);
    }
}
