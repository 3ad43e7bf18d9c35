using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.Compact;

/// <summary>Encoders with linear layers of a low rank and factorised embeddings that are made from nothing.</summary>
public sealed class FactorizedTests
{
    [Fact]
    public void Two_factors_stand_where_they_save_and_their_numbers_are_counted()
    {
        using var scope = TensorScope.Open();
        using var whole = Encoder(new());
        using var attention = Encoder(new() { Rank = 5, Factorize = FactorizedLayers.Attention });
        using var feedForward = Encoder(new() { Rank = 5, Factorize = FactorizedLayers.FeedForward });
        Assert.Equal(whole.ParameterCount - (2 * 4 * ((16 * 16) - (5 * 32))), attention.ParameterCount);
        Assert.Equal(whole.ParameterCount - (2 * 2 * ((16 * 64) - (5 * 80))), feedForward.ParameterCount);
        Assert.Equal([5, 16], attention.StateDict()["bert.encoder.layer.0.attention.self.query.reduce.weight"].Shape);
        Assert.Equal([16, 5], attention.StateDict()["bert.encoder.layer.1.attention.output.dense.expand.weight"].Shape);
        Assert.Equal(whole.FlopsPerSample([9]) - (2 * 9 * 2 * 4 * ((16 * 16) - (5 * 32))), attention.FlopsPerSample([9]));

        using var both = Encoder(new() { Rank = 10 }); // 10 · 32 > 16 · 16: attention stays whole
        Assert.Equal(4, ((EncoderConfig)((IConfigured)both).Config).LinearRanks!.Count);
    }

    [Fact]
    public void Drawn_factors_have_products_of_the_deviation_that_matrices_are_drawn_with()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(5);
        using var model = ModelFamilies.All.Single(f => f.Kind == "encoder").Create(new BertOptions { Layers = 1, Hidden = 256, Heads = 4, Rank = 32, Embedding = 32 }, Zoo.Text with { VocabularySize = 400 }, generator);
        var state = model.StateDict();
        Assert.Equal(0.02, Deviation(state["bert.encoder.layer.0.output.dense.expand.weight"].MatMul(state["bert.encoder.layer.0.output.dense.reduce.weight"])), 0.001);
        Assert.Equal(0.02, Deviation(state["bert.embeddings.word_embeddings.weight"].MatMul(state["bert.embeddings.word_projection.weight"].Transpose(0, 1))), 0.001);

        static double Deviation(Tensor values) => Math.Sqrt(values.Mul(values).Mean().Item());
    }

    [Fact]
    public void A_factorised_embedding_answers_as_one_with_the_product_as_its_table()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var narrow = Masked(new() { Embedding = 6 });
        using var wide = Masked(new());
        var state = narrow.StateDict().ToDictionary(s => s.Key, s => s.Value);
        const string Table = "bert.embeddings.word_embeddings.weight";
        state[Table] = state[Table].MatMul(state["bert.embeddings.word_projection.weight"].Transpose(0, 1));
        state.Remove("bert.embeddings.word_projection.weight");
        wide.LoadStateDict(state);
        var (expected, came) = (Logits(wide), Logits(narrow));
        Assert.Equal(4 * 9 * 30, came.Length);
        for (var i = 0; i < came.Length; i++)
            Assert.Equal(expected[i], came[i], 1e-5f);
        Assert.Equal(wide.ParameterCount - ((30 * 16) - (30 * 6) - (6 * 16)), narrow.ParameterCount);
    }

    [Fact]
    public void Ranks_and_widths_that_are_none_are_refused()
    {
        Refused(new() { Rank = 0 }, "rank is 0, and the matrices have ranks up to 16: expected 1 to 12");
        Refused(new() { Rank = 17 }, "rank is 17, and the matrices have ranks up to 16");
        Refused(new() { Rank = 13 }, "rank is 13, at which two factors have no fewer numbers than any of the matrices that they replace: expected 1 to 12");
        Refused(new() { Rank = 8, Factorize = FactorizedLayers.Attention }, "expected 1 to 7"); // 8 · 32 is 16 · 16
        Refused(new() { Embedding = 17 }, "the embedding is 17 wide, and a table of 30 tokens for states of 16 has a rank of at most 16: 1 to 16 is expected");
        Refused(new() { Embedding = 0 }, "the embedding is 0 wide");
        using var usual = Encoder(new() { Embedding = 16 });
        Assert.Equal("bert", ((IConfigured)usual).Config.ModelType);
    }

    [Fact]
    public void Settings_name_layers_that_are_there_with_ranks_that_they_have()
    {
        var config = (EncoderConfig)((IConfigured)Encoder(new())).Config;
        Says(new() { ["0.attention.self.query"] = 17 }, "linear_ranks says 17 for '0.attention.self.query', whose matrix [16, 16] has ranks from 1 to 16");
        Says(new() { ["2.attention.self.query"] = 3 }, "'2.attention.self.query', which is no linear layer; expected a layer from 0 to 1");
        Says(new() { ["0.q_lin"] = 3 }, "'0.q_lin', which is no linear layer");
        Says(new() { ["query"] = 3 }, "'query', which is no linear layer");
        config = config with { ShareLayers = [0, 0] };
        Says(new() { ["1.output.dense"] = 3 }, "layer 1 has the weights of layer 0 (share_layers), and layers of other shapes cannot share; name layer 0 alone");

        void Says(Dictionary<string, int> ranks, string said) => Assert.Contains(said, Assert.Throws<DecantException>(() => (config with { LinearRanks = ranks }).Build()).Message);
    }

    [Fact]
    public void Every_family_has_a_type_of_its_own_for_it()
    {
        using var distil = ModelFamilies.All.Single(f => f.Kind == "distilbert").Create(new DistilBertOptions { Hidden = 16, Heads = 4, Rank = 4 }, Zoo.Text);
        Assert.Equal("distilbert-compact", ((IConfigured)distil).Config.ModelType);
        Assert.Contains("distilbert.transformer.layer.1.attention.out_lin.reduce.weight", distil.StateDict().Keys);
        Assert.Equal("bert-mean-pooling-compact", ((IConfigured)Encoder(new() { Rank = 4, Pooling = EncoderPooling.Mean })).Config.ModelType);
    }

    private static void Refused(BertOptions options, string said) => Assert.Contains(said, Assert.Throws<DecantException>(() => Encoder(options)).Message);

    private static Model Encoder(BertOptions options) => ModelFamilies.All.Single(f => f.Kind == "encoder").Create(options with { Hidden = 16, Heads = 4 }, Zoo.Text);

    private static Model Masked(BertOptions options)
    {
        using var generator = new Generator(3);
        var model = ModelFamilies.All.Single(f => f.Kind == "encoder").Create(options with { Hidden = 16, Heads = 4 }, Zoo.Text with { Task = ModelTask.MaskedLanguageModel, Classes = 0, ClassNames = [] }, generator);
        model.Eval();
        return model;
    }

    private static float[] Logits(Model model) => model.Forward(Zoo.Input("encoder")).ToArray<float>();
}
