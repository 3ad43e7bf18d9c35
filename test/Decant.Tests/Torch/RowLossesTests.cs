using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>Losses in one pass over each row, against the same in float64, class by class.</summary>
public class RowLossesTests
{
    private const long Ignored = -100;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 4)]
    [InlineData(5, 17, 0.5)]
    [InlineData(4, 1023, 1)]
    [InlineData(4, 1024, 2)]
    [InlineData(4, 1025, 2)]
    [InlineData(200, 3001, 4)]
    public void Soft_targets_are_those_of_float64(int rows, int classes, double temperature)
    {
        var (student, teacher, factors) = (Logits(rows, classes, 1), Logits(rows, classes, 2), Numbers(rows, 3));
        using var scope = TensorScope.Open();
        var (losses, gradient) = RowLosses.SoftTargets(
            Tensor.From(student, rows, classes), Tensor.From(teacher, rows, classes), temperature, slope: 1 / temperature, Tensor.From(factors));
        for (var r = 0; r < rows; r++)
        {
            var (q, p) = (Softmax(student, r, classes, temperature), Softmax(teacher, r, classes, temperature));
            var loss = Enumerable.Range(0, classes).Sum(c => p[c] * Math.Log(p[c] / q[c]));
            Assert.Equal(factors[r] * loss, losses.ToArray<float>()[r], 2e-5 * (1 + Math.Abs(factors[r] * loss)));
            for (var c = 0; c < classes; c += 1 + (classes / 50))
                Assert.Equal(factors[r] * (q[c] - p[c]) / temperature, gradient.ToArray<float>()[(r * classes) + c], 2e-6);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 17, 0.5)]
    [InlineData(4, 1025, 2)]
    [InlineData(200, 3001, 4)]
    public void The_reverse_divergence_is_that_of_float64(int rows, int classes, double temperature)
    {
        var (student, teacher, factors) = (Logits(rows, classes, 1), Logits(rows, classes, 2), Numbers(rows, 3));
        using var scope = TensorScope.Open();
        var (losses, gradient) = RowLosses.ReverseKl(
            Tensor.From(student, rows, classes), Tensor.From(teacher, rows, classes), temperature, slope: 1 / temperature, Tensor.From(factors));
        for (var r = 0; r < rows; r++)
        {
            var (q, p) = (Softmax(student, r, classes, temperature), Softmax(teacher, r, classes, temperature));
            var loss = Enumerable.Range(0, classes).Sum(c => q[c] * Math.Log(q[c] / p[c]));
            Assert.Equal(factors[r] * loss, losses.ToArray<float>()[r], 2e-5 * (1 + Math.Abs(factors[r] * loss)));
            for (var c = 0; c < classes; c += 1 + (classes / 50))
                Assert.Equal(factors[r] * q[c] * (Math.Log(q[c] / p[c]) - loss) / temperature, gradient.ToArray<float>()[(r * classes) + c], 2e-5);
        }
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(5, 17, 0)]
    [InlineData(4, 1025, 0.1)]
    [InlineData(200, 3001, 0.3)]
    public void Cross_entropy_is_that_of_float64(int rows, int classes, double smoothing)
    {
        var (logits, factors) = (Logits(rows, classes, 1), Numbers(rows, 3));
        var labels = Enumerable.Range(0, rows).Select(r => r % 3 == 2 ? Ignored : r * 7 % classes).ToArray();
        using var scope = TensorScope.Open();
        var (losses, gradient) = RowLosses.CrossEntropy(Tensor.From(logits, rows, classes), Tensor.From(labels), Ignored, smoothing, Tensor.From(factors));
        for (var r = 0; r < rows; r++)
        {
            var q = Softmax(logits, r, classes, 1);
            double Target(int c) => labels[r] == Ignored ? 0 : ((1 - smoothing) * (c == labels[r] ? 1 : 0)) + (smoothing / classes);
            var loss = -Enumerable.Range(0, classes).Sum(c => Target(c) * Math.Log(q[c]));
            Assert.Equal(factors[r] * loss, losses.ToArray<float>()[r], 2e-5 * (1 + Math.Abs(factors[r] * loss)));
            for (var c = 0; c < classes; c += 1 + (classes / 50))
                Assert.Equal(labels[r] == Ignored ? 0 : factors[r] * (q[c] - Target(c)), gradient.ToArray<float>()[(r * classes) + c], 2e-6);
        }
    }

    [Fact]
    public void Models_that_agree_have_a_loss_of_exactly_0_whatever_the_factors()
    {
        using var scope = TensorScope.Open();
        var logits = Tensor.From(Logits(3, 3001, 1), 3, 3001);
        var (losses, gradient) = RowLosses.SoftTargets(logits, logits.Clone(), 3, 3, Tensor.From(Numbers(3, 2)));
        Assert.All(losses.ToArray<float>(), l => Assert.Equal(0, l));
        Assert.All(gradient.ToArray<float>(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void A_class_that_the_teacher_rules_out_has_no_part_and_one_that_the_student_rules_out_is_infinite()
    {
        using var scope = TensorScope.Open();
        var ruledOut = Tensor.From(new[] { 1f, float.NegativeInfinity, 0f, 200f, 0f, 0f }, 2, 3);
        var open = Tensor.From(new[] { 1f, 0f, 0f, 0f, 0f, 0f }, 2, 3);
        var (losses, gradient) = RowLosses.SoftTargets(open, ruledOut, 1, 1);
        // p = (e, 0, 1) ÷ (e + 1), q = (e, 1, 1) ÷ (e + 2): log((e + 2) ÷ (e + 1)). Then p = (1, 0, 0), q = thirds.
        Assert.Equal(Math.Log((Math.E + 2) / (Math.E + 1)), losses.ToArray<float>()[0], 1e-6);
        Assert.Equal(Math.Log(3), losses.ToArray<float>()[1], 1e-6);
        Assert.Equal(1 / (Math.E + 2), gradient.ToArray<float>()[1], 1e-6);
        Assert.Equal(float.PositiveInfinity, RowLosses.SoftTargets(ruledOut, open, 1, 1).Rows.ToArray<float>()[0]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_number_is_none_in_the_loss(float value)
    {
        using var scope = TensorScope.Open();
        var values = Logits(1, 2000, 1);
        values[1777] = value;
        var (bad, good) = (Tensor.From(values, 1, 2000), Tensor.From(Logits(1, 2000, 2), 1, 2000));
        Assert.True(float.IsNaN(RowLosses.SoftTargets(bad, good, 1, 1).Rows.ToArray<float>()[0]));
        Assert.True(float.IsNaN(RowLosses.SoftTargets(good, bad, 1, 1).Rows.ToArray<float>()[0]));
        Assert.True(float.IsNaN(RowLosses.CrossEntropy(bad, Tensor.From(new long[] { 3 }), Ignored).Rows.ToArray<float>()[0]));
    }

    [Fact]
    public void Columns_of_a_larger_tensor_are_read_as_such()
    {
        using var scope = TensorScope.Open();
        var whole = Tensor.From(Logits(4, 9, 1), 4, 9);
        var (part, copy) = (whole.Narrow(1, 2, 5), whole.Narrow(1, 2, 5).Contiguous());
        Assert.Equal(RowLosses.SoftTargets(copy, copy * 0.5, 2, 1).Gradient.ToArray<float>(), RowLosses.SoftTargets(part, part * 0.5, 2, 1).Gradient.ToArray<float>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_count_of_threads_changes_no_bit(int threads)
    {
        var before = Runtime.Threads;
        try
        {
            using var scope = TensorScope.Open();
            var (student, teacher) = (Tensor.From(Logits(300, 999, 1), 300, 999), Tensor.From(Logits(300, 999, 2), 300, 999));
            Runtime.Threads = 1;
            var (losses, gradient) = RowLosses.SoftTargets(student, teacher, 2, 2);
            Runtime.Threads = threads;
            var (again, slopes) = RowLosses.SoftTargets(student, teacher, 2, 2);
            Assert.Equal(losses.ToArray<float>(), again.ToArray<float>());
            Assert.Equal(gradient.ToArray<float>(), slopes.ToArray<float>());
        }
        finally
        {
            Runtime.Threads = before;
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_what_is_not_served_is_said()
    {
        using var scope = TensorScope.Open();
        var logits = Tensor.Zeros([2, 3]);
        Assert.Contains("label 3 of row 1 is out of bounds: there are 3 classes", Assert.Throws<TorchException>(() => RowLosses.CrossEntropy(logits, Tensor.From(new long[] { 0, 3 }), Ignored)).Message);
        Assert.Contains("label -1 of row 0", Assert.Throws<TorchException>(() => RowLosses.CrossEntropy(logits, Tensor.From(new long[] { -1, 0 }), Ignored)).Message);
        Assert.Contains("a label for each of 2 rows".Replace("a label", "an int64 label", StringComparison.Ordinal), Assert.Throws<TorchException>(() => RowLosses.CrossEntropy(logits, Tensor.From(new long[] { 0 }), Ignored)).Message);
        Assert.Contains("of one shape", Assert.Throws<TorchException>(() => RowLosses.SoftTargets(logits, Tensor.Zeros([2, 4]), 1, 1)).Message);
        Assert.Contains("a factor for each of 2 rows", Assert.Throws<TorchException>(() => RowLosses.SoftTargets(logits, logits, 1, 1, Tensor.Ones([3]))).Message);
        Assert.True(RowLosses.Serve(logits));
        Assert.False(RowLosses.Serve(logits.To(DType.Float64)));
        Assert.False(RowLosses.Serve(Tensor.Zeros([0, 3])));
        Assert.False(RowLosses.Serve(Tensor.Zeros([3])));
    }

    private static double[] Softmax(float[] logits, int row, int classes, double temperature)
    {
        var warm = logits.Skip(row * classes).Take(classes).Select(v => v / temperature).ToArray();
        var most = warm.Max();
        var powers = Array.ConvertAll(warm, v => Math.Exp(v - most));
        return Array.ConvertAll(powers, p => p / powers.Sum());
    }

    private static float[] Logits(int rows, int classes, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * classes).Select(_ => (float)((random.NextDouble() - 0.5) * 12))];
    }

    private static float[] Numbers(int count, int seed) => [.. Logits(count, 1, seed).Select(v => Math.Abs(v) / 6)];
}
