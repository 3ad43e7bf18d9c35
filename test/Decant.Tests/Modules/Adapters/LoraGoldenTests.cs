using System.Text.Json;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Torch;
using Decant.Training.Optimizers;

namespace Decant.Tests.Modules.Adapters;

/// <summary>A layer with an update against plain PyTorch: Golden/lora.py.</summary>
public sealed class LoraGoldenTests
{
    [Fact]
    public void Its_answer_its_gradients_and_three_updates_of_AdamW_are_those_of_PyTorch()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "lora.json")));
        Assert.Equal(3, document.RootElement.GetArrayLength());
        foreach (var known in document.RootElement.EnumerateArray())
        {
            using var scope = TensorScope.Open();
            using var model = new OneLayer(known.GetProperty("transposed").GetBoolean());
            Set(model.Layer.Weight, known, "weight");
            Set(((Module)model.Layer).NamedParameters().Single(p => p.Key == "bias").Value, known, "bias");
            var adapter = Lora.Attach(model, new LoraOptions
            {
                Rank = known.GetProperty("rank").GetInt32(),
                Alpha = known.GetProperty("alpha").GetDouble(),
                RankStabilized = known.GetProperty("stabilized").GetBoolean(),
                Targets = ["layer"],
            });
            var update = Assert.Single(adapter.Layers).Update;
            Set(update.Down, known, "down");
            Set(update.Up, known, "up");
            adapter.Freeze();
            var groups = Optimizer.GroupByDecay(model.NamedParameters(), 0.1);
            Assert.Equal(["layer.lora_A.weight", "layer.lora_B.weight"], groups.SelectMany(g => g.Names));
            using var optimizer = new AdamOptimizer(groups, new AdamW { LearningRate = 0.05, WeightDecay = 0.1 });
            var (values, target) = (Of(known, "values", 4, 6), Of(known, "target", 4, 5));
            for (var step = 0; step < 3; step++)
            {
                var output = model.Forward(new ModelInput(values));
                (output - target).Square().Sum().Backward();
                if (step == 0)
                {
                    Near(known, "output", output);
                    Near(known, "down_gradient", update.Down.Grad!);
                    Near(known, "up_gradient", update.Up.Grad!);
                }

                optimizer.Step([update.Down.Grad, update.Up.Grad], 0.05);
                (update.Down.Grad, update.Up.Grad) = (null, null);
            }

            Near(known, "down_after", update.Down);
            Near(known, "up_after", update.Up);
        }
    }

    private static float[] Numbers(JsonElement known, string name) => [.. known.GetProperty(name).EnumerateArray().Select(n => n.GetSingle())];

    private static Tensor Of(JsonElement known, string name, params long[] shape) => Tensor.From(Numbers(known, name), shape);

    private static void Set(Tensor tensor, JsonElement known, string name)
    {
        using var noGrad = Autograd.NoGrad();
        tensor.CopyInPlace(Of(known, name, [.. tensor.Shape]));
    }

    private static void Near(JsonElement known, string name, Tensor actual)
    {
        var (expected, came) = (Numbers(known, name), actual.ToArray<float>());
        Assert.Equal(expected.Length, came.Length);
        for (var i = 0; i < came.Length; i++)
            Assert.True(Math.Abs(expected[i] - came[i]) <= 1e-5 * (1 + Math.Abs(expected[i])), $"{name}[{i}] is {came[i]}, and PyTorch's is {expected[i]}");
    }

    private sealed class OneLayer : Model
    {
        public OneLayer(bool isTransposed) => RegisterModule("layer", isTransposed ? new TransposedLinear(6, 5) : (Module)new Linear(6, 5));

        public IAdaptable Layer => (IAdaptable)Children[0].Value;

        public override int Classes => 5;

        public override Tensor Forward(ModelInput input) => Layer.Forward(input.Values);
    }
}
