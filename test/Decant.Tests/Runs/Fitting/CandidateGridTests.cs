using System.Text.Json.Nodes;
using Decant.Compression.Quantization;
using Decant.Models;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.ResNet;
using Decant.Modules;
using Decant.Runs.Fitting;
using Decant.Torch;

namespace Decant.Tests.Runs.Fitting;

public class CandidateGridTests
{
    private static readonly (string, QuantizationOptions?)[] s_forms = [("float32", null), ("int4 weights", new BlockInt())];

    [Fact]
    public void An_encoder_is_varied_in_layers_widths_units_tables_ranks_and_forms()
    {
        var grid = CandidateGrid.Of(Encoder(), new PartOfTeacher(), s_forms);
        Assert.Equal(["layers", "hidden", "intermediate", "embedding", "rank"], grid.Axes.Select(a => a.Name));
        Assert.Equal([3, 2, 1], grid.Axes[0].Sizes);
        Assert.Equal([64, 48, 32, 16], grid.Axes[1].Sizes);
        Assert.Equal(3 * 5 * 2 * 2 * ((3 * 3) + 2), grid.All().Count()); // a half and a quarter of 16 are both a block of eight
        Assert.Equal(grid.All().Count(), grid.All().Distinct().Count());
        var candidate = grid.At([1, 2, 2, 1, 1, 1]);
        Assert.Equal(new PartOfTeacher { Layers = 2, Hidden = 32, Heads = 2, Intermediate = 64, Embedding = 16, Rank = 8 }, candidate.Part);
        Assert.Equal(new BlockInt(), candidate.Form);
        Assert.Equal("layers 2, hidden 32, intermediate 64, embedding 16, rank 8, int4 weights", candidate.Name);
        Assert.Equal((new PartOfTeacher(), "float32"), (grid.At([0, 0, 0, 0, 0, 0]).Part, grid.At([0, 0, 0, 0, 0, 0]).Name));
    }

    [Fact]
    public void What_the_recipe_sets_stays()
    {
        var grid = CandidateGrid.Of(Encoder(), new PartOfTeacher { Layers = 2, Rank = 8, Intermediate = 100, Importance = UnitImportance.Activation, Calibration = 16 }, s_forms);
        Assert.Equal(["hidden", "embedding"], grid.Axes.Select(a => a.Name));
        Assert.All(grid.All(), c => Assert.Equal((2, 8, 100, UnitImportance.Activation), (c.Part.Layers, c.Part.Rank, c.Part.Intermediate, c.Part.Importance)));
    }

    [Fact]
    public void Importance_is_asked_for_only_where_something_is_left_out()
    {
        var grid = CandidateGrid.Of(Encoder(), new PartOfTeacher { Importance = UnitImportance.Activation, Calibration = 16, Choose = LayerChoice.Last }, s_forms);
        Assert.Equal(new PartOfTeacher(), grid.At([0, 0, 0, 0, 0, 0]).Part);
        Assert.Equal(new PartOfTeacher { Layers = 1, Choose = LayerChoice.Last }, grid.At([2, 0, 0, 0, 0, 0]).Part);
        Assert.Equal(new PartOfTeacher { Intermediate = 64, Importance = UnitImportance.Activation, Calibration = 16 }, grid.At([0, 0, 2, 0, 0, 0]).Part);
    }

    [Fact]
    public void A_decoder_with_a_head_width_of_its_own_is_varied_in_heads_and_states_apart()
    {
        using var made = ModelFamilies.Read(JsonNode.Parse("""
            { "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "vocab_size": 64, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 8,
              "num_key_value_heads": 4, "head_dim": 16, "max_position_embeddings": 32, "hidden_act": "silu", "rms_norm_eps": 1e-6, "rope_theta": 10000, "tie_word_embeddings": true }
            """)!.AsObject()).Build();
        var grid = CandidateGrid.Of(((IConfigured)made).Config, new PartOfTeacher(), s_forms);
        Assert.Equal(["layers", "hidden", "heads", "intermediate"], grid.Axes.Select(a => a.Name));
        Assert.Equal([8, 6, 4, 2], grid.Axes[2].Sizes); // two of queries for each of keys and values
        foreach (var candidate in grid.All().Where(c => c.Form is null))
        {
            using var part = StudentFromTeacher.Make(made, candidate.Part);
            using var shapes = ShapesOnly.Open();
            using var bare = ((IConfigured)made).Config.Build();
            Assert.Equal(part.ParameterCount, CandidateSize.Of(bare, candidate.Part, [16])!.Value.Parameters);
        }
    }

    [Theory]
    [InlineData("cnn", "channels", 2 * 4)]
    [InlineData("resnet", "channels, inner-channels", 2 * 4 * 4)]
    public void A_convolutional_network_is_varied_in_channels(string kind, string axes, int count)
    {
        using var made = ModelFamilies.All.Single(f => f.Kind == kind).Create(
            kind == "cnn" ? new CnnOptions { Channels = [32, 64] } : new ResNetOptions { Depth = 8 }, new ModelContext { Classes = 3, SampleShape = [3, 16, 16] });
        var config = ((IConfigured)made).Config;
        var grid = CandidateGrid.Of(config, new PartOfTeacher { Importance = UnitImportance.Magnitude }, s_forms);
        Assert.Equal(axes, string.Join(", ", grid.Axes.Select(a => a.Name)));
        Assert.Equal(count, grid.All().Count());
        var sizes = new List<long>();
        foreach (var candidate in grid.All().Where(c => c.Form is null))
        {
            using var shapes = ShapesOnly.Open();
            using var bare = config.Build();
            sizes.Add(CandidateSize.Of(bare, candidate.Part, [3, 16, 16])!.Value.Parameters);
        }

        Assert.Equal(made.ParameterCount, sizes[0]);
        Assert.All(sizes.Skip(1), s => Assert.True(s < sizes[0]));
        Assert.Equal(kind == "cnn" ? "channels 24-48, float32" : "channels 12-24-48, float32", grid.At([1, .. new int[grid.Axes.Count]]).Name);
    }

    [Fact]
    public void Larger_is_larger_in_every_respect()
    {
        var grid = CandidateGrid.Of(Encoder(), new PartOfTeacher(), s_forms);
        var middle = grid.At([1, 1, 1, 1, 0, 1]);
        Assert.True(grid.At([1, 0, 1, 1, 0, 1]).IsLargerThan(middle));
        Assert.True(grid.At([1, 1, 1, 1, 0, 0]).IsLargerThan(middle));
        Assert.False(middle.IsLargerThan(middle));
        Assert.False(grid.At([0, 2, 0, 0, 0, 0]).IsLargerThan(middle));
        Assert.False(middle.IsLargerThan(grid.At([1, 0, 1, 1, 0, 1])));
    }

    internal static ModelConfig Encoder(int layers = 3)
    {
        using var model = ModelFamilies.Read(JsonNode.Parse($$"""
            { "model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": 100, "hidden_size": 64, "num_hidden_layers": {{layers}}, "num_attention_heads": 4,
              "intermediate_size": 128, "max_position_embeddings": 32, "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "pad_token_id": 0,
              "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "id2label": { "0": "a", "1": "b" }, "label2id": { "a": 0, "b": 1 } }
            """)!.AsObject()).Build();
        return ((IConfigured)model).Config;
    }
}
