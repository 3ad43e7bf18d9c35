using Decant.Models.Configuration;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.Static;

/// <summary>Tables of token vectors, worked by hand.</summary>
public sealed class StaticTextModelTests
{
    private static readonly StaticConfig s_config = new() { Task = ModelTask.Embedding, VocabSize = 4, HiddenDim = 2 };

    [Fact]
    public void A_text_is_the_mean_of_its_rows() => Answers(s_config, [[2, 4]], [1, 3, 3], [3]);

    [Fact]
    public void Ignored_tokens_are_in_neither_sum() => Answers(s_config with { IgnoredTokenIds = [0, 2] }, [[1, 6]], [0, 1, 2, 1, 0], [5]);

    [Fact]
    public void Padding_is_in_neither_sum() => Answers(s_config, [[1, 6], [5, 1]], [1, 0, 2, 1], [1, 2]);

    [Fact]
    public void Vectors_are_divided_by_their_length_where_requested() => Answers(s_config with { Normalize = true }, [[0.6, 0.8]], [3, 3], [2], (3, 30, 40));

    [Fact]
    public void A_text_of_ignored_tokens_alone_is_zeros_and_not_nothing_by_nothing() =>
        Answers(s_config with { IgnoredTokenIds = [0], Normalize = true }, [[0, 0]], [0, 0], [2]);

    [Fact]
    public void Ignored_rows_get_no_gradient()
    {
        using var scope = TensorScope.Open();
        using var model = Model(s_config with { IgnoredTokenIds = [0] });
        model.Forward(Input([0, 1, 2], [3])).Sum().Backward();
        Assert.Equal([0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 0, 0], model.Embeddings.Grad!.ToArray<float>());
    }

    [Fact]
    public void A_classifier_has_its_head_on_the_mean()
    {
        using var scope = TensorScope.Open();
        using var model = Model(new() { Task = ModelTask.Classification, ClassNames = ["a", "b"], VocabSize = 4, HiddenDim = 2, ClassifierHiddenSize = 1 });
        model.Eval();
        using (Autograd.NoGrad())
        {
            var state = model.StateDict();
            state["dense.weight"].CopyInPlace(Tensor.From([1f, -1f], 1, 2));
            state["dense.bias"].CopyInPlace(Tensor.From([7f], 1));
            state["classifier.weight"].CopyInPlace(Tensor.From([2f, -3f], 2, 1));
            state["classifier.bias"].CopyInPlace(Tensor.From([1f, 0f], 2));
        }

        // (1, 6): 1 − 6 + 7 = 2; (3, 0): 3 + 7 = 10
        Assert.Equal([5f, -6f, 21f, -30f], model.Forward(Input([1, 3], [1, 1])).ToArray<float>());
        var features = new FeaturePaths(model, [Decant.Modules.Model.Representation]);
        using var recorder = features.Record();
        _ = model.Forward(Input([1, 3], [1, 1]));
        Assert.Equal([1f, 6f, 3f, 0f], recorder.Features[Decant.Modules.Model.Representation].ToArray<float>());
    }

    [Fact]
    public void Settings_that_do_not_go_together_are_all_refused_at_once()
    {
        var fault = Assert.Throws<DecantException>(() => (s_config with { HiddenDim = 0, PadTokenId = 4, IgnoredTokenIds = [9], ClassifierHiddenSize = 3 }).Check()).Message;
        foreach (var part in new[] { "dimensions is 0", "padding token is 4", "ignored tokens are 9", "an embedding has none" })
            Assert.Contains(part, fault, StringComparison.Ordinal);
    }

    private static void Answers(StaticConfig config, double[][] expected, long[] ids, int[] lengths, (int Row, float X, float Y)? row = null)
    {
        using var scope = TensorScope.Open();
        using var model = Model(config);
        if (row is { } changed)
        {
            using var noGrad = Autograd.NoGrad();
            model.Embeddings.Select(0, changed.Row).CopyInPlace(Tensor.From([changed.X, changed.Y], 2));
        }

        var came = model.Forward(Input(ids, lengths)).ToArray<float>();
        foreach (var (number, wanted) in came.Zip(expected.SelectMany(e => e)))
            Assert.Equal(wanted, number, 1e-6);
        Assert.Equal(expected.Length * 2, came.Length);
    }

    // The mean of rows 1, 3, 3 is (6 / 3, 12 / 3), that of 2 and 1 is (5, 1).
    private static StaticTextModel Model(StaticConfig config)
    {
        var model = (StaticTextModel)config.Build();
        using var noGrad = Autograd.NoGrad();
        model.Embeddings.CopyInPlace(Tensor.From([9f, 9f, 1f, 6f, 9f, -4f, 2.5f, 3f], 4, 2));
        if (config.Task == ModelTask.Classification)
            model.Embeddings.CopyInPlace(Tensor.From([9f, 9f, 1f, 6f, 9f, 9f, 3f, 0f], 4, 2));
        return model;
    }

    private static ModelInput Input(long[] ids, int[] lengths)
    {
        var width = ids.Length / lengths.Length;
        return new(Tensor.From(ids, lengths.Length, width), Tensor.From(lengths.SelectMany(n => Enumerable.Range(0, width).Select(t => t < n)).ToArray(), lengths.Length, width));
    }
}
