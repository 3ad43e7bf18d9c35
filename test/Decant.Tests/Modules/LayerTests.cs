using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Modules;

public class LayerTests
{
    [Fact]
    public void Dropout_drops_its_share_and_keeps_the_mean()
    {
        using var scope = TensorScope.Open();
        using var dropout = new Dropout(0.3);
        var output = dropout.Forward(Tensor.Ones([200, 500])).ToArray<float>();
        var dropped = output.Count(x => x == 0) / (double)output.Length;
        Assert.InRange(dropped, 0.295, 0.305);
        Assert.All(output.Where(x => x != 0).Take(50), x => Assert.Equal(1 / 0.7f, x, 1e-6f));
        Assert.InRange(output.Average(), 0.99f, 1.01f);
    }

    [Fact]
    public void Batch_norm_refuses_one_value_per_channel_in_training_and_leaves_its_statistics()
    {
        using var scope = TensorScope.Open();
        using var images = new BatchNorm2d(3);
        using var vectors = new BatchNorm1d(3);
        var error = Assert.Throws<OneValuePerChannelException>(() => images.Forward(Tensor.Ones([1, 3, 1, 1])));
        Assert.Contains("BatchNorm2d of 3 channels needs more than one value per channel in training", error.Message);
        Assert.Throws<OneValuePerChannelException>(() => vectors.Forward(Tensor.Ones([1, 3])));
        Assert.Throws<OneValuePerChannelException>(() => vectors.Forward(Tensor.Ones([1, 3, 1])));
        Assert.Equal([0f, 0, 0], images.StateDict()["running_mean"].ToArray<float>());
        Assert.Equal(0, images.StateDict()["num_batches_tracked"].Item());

        // Two values are enough, of one sample or of two; in evaluation one is.
        foreach (var shape in new long[][] { [2, 3, 1, 1], [1, 3, 1, 2] })
            Assert.All(images.Forward(Tensor.Randn(shape)).ToArray<float>(), x => Assert.True(float.IsFinite(x)));
        images.Eval();
        Assert.All(images.Forward(Tensor.Ones([1, 3, 1, 1])).ToArray<float>(), x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void A_layer_norm_over_one_value_is_refused() =>
        Assert.Contains("a width of 2 or more", Assert.Throws<DecantException>(() => new LayerNorm(1)).Message);

    [Fact]
    public void Dropout_does_nothing_in_evaluation()
    {
        using var scope = TensorScope.Open();
        using var dropout = new Dropout(0.9);
        dropout.Eval();
        var input = Tensor.Randn([4]);
        Assert.Same(input, dropout.Forward(input));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_probability_outside_zero_to_one_is_refused(double probability) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(probability));

    [Fact]
    public void First_values_have_the_published_spread()
    {
        using var generator = new Generator(3);
        using var linear = new Linear(400, 300, generator: generator);
        Spread(linear.Weight, 1 / Math.Sqrt(3) / 20, 1 / 20.0); // uniform over ±1/√400
        using var convolution = new Conv2d(16, 64, 5, generator: generator);
        Spread(convolution.Weight, 1 / Math.Sqrt(3) / 20, 1 / 20.0);
        using var embedding = new Embedding(300, 400, padding: 7, generator: generator);
        Spread(embedding.Weight, 1, 7);
        Assert.All(embedding.Weight.ToArray<float>().Skip(7 * 400).Take(400), x => Assert.Equal(0, x));
        using var lstm = new Lstm(50, 100, generator: generator);
        Spread(lstm.StateDict()["weight_ih_l0"], 1 / Math.Sqrt(3) / 10, 1 / 10.0);
    }

    [Fact]
    public void The_same_generator_gives_the_same_weights()
    {
        using var one = new Lstm(3, 4, generator: new Generator(8));
        using var two = new Lstm(3, 4, generator: new Generator(8));
        Assert.All(one.StateDict(), p => Assert.Equal(p.Value.ToArray<float>(), two.StateDict()[p.Key].ToArray<float>()));
    }

    [Fact]
    public void A_row_that_is_masked_altogether_gives_no_NaN()
    {
        using var scope = TensorScope.Open();
        using var attention = new MultiHeadAttention(8, 2);
        var mask = Tensor.From([true, true, false, false], 2, 2);
        var input = Tensor.Randn([2, 2, 8]).Mul(100);
        input.RequiresGrad = true;
        var output = attention.Forward(input, TokenMask.ToAttentionBias(mask, 2));
        output.Sum().Backward();
        Assert.All(output.ToArray<float>().Concat(input.Grad!.ToArray<float>()), x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void Attention_gives_padding_a_weight_of_exactly_zero()
    {
        using var scope = TensorScope.Open();
        using var attention = new MultiHeadAttention(8, 2);
        var mask = Tensor.From([true, true, false], 1, 3);
        var input = Tensor.Randn([1, 3, 8]);
        var other = Tensor.Cat([input.Narrow(1, 0, 2), Tensor.Full([1, 1, 8], 1e4)], 1);
        var bias = TokenMask.ToAttentionBias(mask, 2);
        Assert.Equal(
            attention.Forward(input, bias).Narrow(1, 0, 2).ToArray<float>(), attention.Forward(other, bias).Narrow(1, 0, 2).ToArray<float>());
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused() =>
        Assert.Contains("3 heads do not divide a width of 8", Assert.Throws<ArgumentException>(() => new MultiHeadAttention(8, 3)).Message);

    [Fact]
    public void Pooling_over_no_token_at_all_is_zero()
    {
        using var scope = TensorScope.Open();
        var mask = Tensor.From([false, false, true, false], 2, 2);
        var input = Tensor.From([1f, -2f, 3f, 4f, -5f, -6f, 7f, 8f], 2, 2, 2);
        Assert.Equal([0f, 0f, -5f, -6f], TokenMask.Mean(input, mask).ToArray<float>());
        Assert.Equal([0f, 0f, -5f, -6f], TokenMask.Max(input, mask).ToArray<float>());
    }

    [Fact]
    public void The_last_token_is_found_wherever_the_padding_stands()
    {
        using var scope = TensorScope.Open();
        var mask = Tensor.From([true, false, false, true, true, false, false, true, true, false, false, false], 4, 3);
        var input = Tensor.From([.. Enumerable.Range(1, 12).Select(i => (float)i)], 4, 3, 1);
        Assert.Equal([1f, 5f, 9f, 10f], TokenMask.Last(input, mask).ToArray<float>());
        Assert.Equal([3f, 6f, 9f, 12f], TokenMask.Last(input, null).ToArray<float>());
    }

    [Fact]
    public void Lengths_are_counted_and_padding_before_a_token_is_refused()
    {
        using var good = Tensor.From([true, true, false, true, false, false, false, false, false], 3, 3);
        Assert.Equal([2L, 1L, 0L], TokenMask.Lengths(good));
        using var bad = Tensor.From([false, true], 1, 2);
        Assert.Contains("row 0", Assert.Throws<ArgumentException>(() => TokenMask.Lengths(bad)).Message);
    }

    [Fact]
    public void An_Lstm_reads_rows_in_any_order_and_a_row_without_tokens()
    {
        using var scope = TensorScope.Open();
        using var lstm = new Lstm(3, 4, 2, bidirectional: true);
        var input = Tensor.Randn([4, 5, 3]);
        var mask = Tensor.From(new[] { 2, 0, 5, 3 }.SelectMany(n => Enumerable.Range(0, 5).Select(t => t < n)).ToArray(), 4, 5);
        var order = Tensor.From([2L, 1L, 3L, 0L]);
        var straight = lstm.Forward(input, mask);
        var mixed = lstm.Forward(input.IndexSelect(0, order), mask.IndexSelect(0, order));
        GoldenCase.Close(straight.Output.IndexSelect(0, order), mixed.Output, "output", 1e-6);
        GoldenCase.Close(straight.Hidden.IndexSelect(1, order), mixed.Hidden, "hidden", 1e-6);
        GoldenCase.Close(straight.Cell.IndexSelect(1, order), mixed.Cell, "cell", 1e-6);
        Assert.All(straight.Output.Select(0, 0).Narrow(0, 2, 3).ToArray<float>(), x => Assert.Equal(0, x));
    }

    [Fact]
    public void An_Lstm_with_a_full_mask_is_the_one_without()
    {
        using var scope = TensorScope.Open();
        using var lstm = new Lstm(3, 4);
        var input = Tensor.Randn([2, 5, 3]);
        Assert.Equal(lstm.Forward(input).Output.ToArray<float>(), lstm.Forward(input, Tensor.Ones([2, 5], DType.Bool)).Output.ToArray<float>());
    }

    [Fact]
    public void Batch_norm_names_the_shape_that_it_expected()
    {
        using var norm = new BatchNorm2d(3);
        using var input = Tensor.Zeros([2, 3]);
        Assert.Contains("expects [B, C, H, W]; float32[2, 3] came", Assert.Throws<ArgumentException>(() => norm.Forward(input)).Message);
    }

    [Fact]
    public void Operations_and_parameters_are_counted()
    {
        using var linear = new Linear(7, 5);
        Assert.Equal((2 * 7 * 5 * 3, 7 * 5 + 5), (linear.Flops(3), linear.ParameterCount));
        using var image = new Conv2d(3, 8, 3, stride: 2, padding: 1);
        Assert.Equal((2 * 4 * 5 * 8 * 27, 8 * 27 + 8), (image.Flops(8, 9), image.ParameterCount));
        using var sequence = new Conv1d(4, 6, 3);
        Assert.Equal(2 * 8 * 6 * 12, sequence.Flops(10));
        using var lstm = new Lstm(3, 4, 2, bidirectional: true);
        Assert.Equal(2 * 5 * (2 * 16 * (3 + 4) + 2 * 16 * (8 + 4)), lstm.Flops(5));
        Assert.Equal(2 * (16 * 3 + 16 * 4 + 32) + 2 * (16 * 8 + 16 * 4 + 32), lstm.ParameterCount);
        using var attention = new MultiHeadAttention(8, 2);
        Assert.Equal(4 * 2 * 6 * 64 + 2 * 2 * 36 * 8, attention.Flops(6));
    }

    private static void Spread(Tensor weight, double deviation, double largest)
    {
        var values = weight.ToArray<float>();
        Assert.InRange(values.Average(), -0.02 * largest, 0.02 * largest);
        Assert.InRange(Math.Sqrt(values.Average(x => (double)x * x)), 0.98 * deviation, 1.02 * deviation);
        Assert.InRange(values.Max(Math.Abs), 0.0, largest);
    }
}
