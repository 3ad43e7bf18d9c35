using Decant.Data;
using Decant.Data.Batching;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.FromTeacher;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.Qwen3;
using Decant.Models.Roberta;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Compression.Pruning;

/// <summary>Small transformers with weights that all differ, samples for them, and the same transformers with their units in another order.</summary>
internal static class PrunedTransformers
{
    private const int Vocabulary = 30;

    private static readonly Dictionary<string, (string Kind, ModelTask Task, ModelOptions Options)> s_all = new()
    {
        ["llama"] = ("llama", ModelTask.CausalLanguageModel, new LlamaOptions { Layers = 2, Hidden = 16, Heads = 8, KeyValueHeads = 4, Intermediate = 12, Tied = false }),
        ["llama-tied"] = ("llama", ModelTask.CausalLanguageModel, new LlamaOptions { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12, Tied = true }),
        ["qwen3"] = ("qwen3", ModelTask.CausalLanguageModel, new Qwen3Options { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12 }),
        ["gpt2"] = ("gpt2", ModelTask.CausalLanguageModel, new Gpt2Options { Layers = 2, Hidden = 16, Heads = 4 }),
        ["bert"] = ("encoder", ModelTask.Classification, new BertOptions { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12 }),
        ["bert-masked"] = ("encoder", ModelTask.MaskedLanguageModel, new BertOptions { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12 }),
        ["bert-vectors"] = ("encoder", ModelTask.Embedding, new BertOptions { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12 }),
        ["distilbert"] = ("distilbert", ModelTask.Regression, new DistilBertOptions { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12 }),
        ["roberta"] = ("roberta", ModelTask.TokenClassification, new RobertaOptions { Layers = 2, Hidden = 16, Heads = 4, Intermediate = 12 }),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    public static bool IsDecoder(string name) => s_all[name].Task == ModelTask.CausalLanguageModel;

    public static Model Make(string name)
    {
        var (kind, task, options) = s_all[name];
        using var generator = new Generator(11);
        var context = new ModelContext { Task = task, Classes = task switch { ModelTask.Embedding => 16, _ when task.IsLanguageModel() => 0, _ => 3 }, VocabularySize = Vocabulary, MaxTokens = 20 };
        var model = ModelFamilies.All.Single(f => f.Kind == kind).Create(options, context, generator);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, weight) in model.NamedParameters())
            weight.CopyInPlace(Tensor.Randn(weight.Shape, generator).Mul(0.4));
        model.RequireGrad(false);
        model.Eval();
        return model;
    }

    public static ModelInput Input() => new(
        Tensor.From([3, 17, 9, 4, 29, 1, 2, 8, 11, 5], 2, 5), Tensor.From([true, true, true, true, true, true, true, true, false, false], 2, 5));

    public static float[] Logits(Model model)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return model.InEvaluation(() => model.Forward(Input())).ToArray<float>();
    }

    /// <summary>Three texts of different lengths with labels of the model's task, in batches of so many.</summary>
    public static IEnumerable<Batch> Batches(Model model, int size = 3)
    {
        long[][] texts = [[3, 17, 9, 4, 29], [1, 2, 8, 11, 0], [7, 21, 0, 0, 0]];
        int[] lengths = [5, 4, 2];
        var task = ((IConfigured)model).Config.Task;
        for (var first = 0; first < texts.Length; first += size)
        {
            var rows = Enumerable.Range(first, Math.Min(size, texts.Length - first)).ToArray();
            var longest = rows.Max(r => lengths[r]);
            using var scope = TensorScope.Suspend();
            var places = rows.SelectMany((r, at) => Enumerable.Range(0, lengths[r]).Select(t => (Row: r, Flat: ((long)at * longest) + t, Token: t))).ToArray();
            var perToken = task is ModelTask.TokenClassification || task.IsLanguageModel();
            var labels = task == ModelTask.Regression ? Tensor.From([.. rows.SelectMany(r => new[] { r, 0.5f, -r })], rows.Length, 3)
                : task == ModelTask.Embedding ? Tensor.From([.. rows.Select(_ => Batch.NoLabel)])
                : perToken ? Tensor.From([.. places.Select(p => (p.Row + (2L * p.Token)) % 3)])
                : Tensor.From([.. rows.Select(r => (long)r)]);
            yield return new Batch(
                Tensor.From([.. rows.SelectMany(r => texts[r].Take(longest))], rows.Length, longest), labels, task == ModelTask.Embedding ? 0 : (int)labels.Size(0),
                [.. rows.Select(r => new SampleId((ulong)r + 1))],
                Tensor.From([.. rows.SelectMany(r => Enumerable.Range(0, longest).Select(t => t < lengths[r]))], rows.Length, longest),
                positions: perToken ? Tensor.From([.. places.Select(p => p.Flat)]) : null);
        }
    }

    /// <summary>The same function with heads, feed-forward units and hidden dimensions in another order, in each layer its own.</summary>
    public static Model Shuffled(string name, Model model)
    {
        var map = new UnitMap(((IConfigured)model).Config);
        var random = new Random(5);
        var sizes = map.Sizes;
        var hidden = Order(sizes.Hidden);
        var inner = Enumerable.Range(0, sizes.Layers).Select(_ => Order(sizes.Intermediate)).ToArray();
        var keys = Enumerable.Range(0, sizes.Layers).Select(_ => Order(sizes.KeyValueHeads)).ToArray();
        var shares = sizes.Heads / sizes.KeyValueHeads;
        var heads = keys.Select(layer => layer.SelectMany(k => Order(shares).Select(h => (k * shares) + h)).ToArray()).ToArray();
        var other = Make(name);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var weights = model.StateDict();
        foreach (var (weight, target) in other.StateDict())
        {
            var source = weights[weight];
            var (axes, layer) = map.Of(weight, source.Dimensions);
            for (var d = 0; d < axes.Length; d++)
            {
                var order = axes[d] switch
                {
                    UnitAxis.Hidden => hidden,
                    UnitAxis.Heads => heads[layer!.Value],
                    UnitAxis.KeyValueHeads => keys[layer!.Value],
                    UnitAxis.Intermediate => inner[layer!.Value],
                    _ => null,
                };
                if (order is not null)
                    source = source.IndexSelect(d, Tensor.From(map.Rows(axes[d], order, source.Size(d))));
            }

            target.CopyInPlace(source);
        }

        return other;

        int[] Order(int count) => [.. Enumerable.Range(0, count).OrderBy(_ => random.Next())];
    }
}
