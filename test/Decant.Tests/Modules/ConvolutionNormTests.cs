using Decant.Models.Configuration;
using Decant.Models.ResNet;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Modules;

/// <summary>A frozen residual network, whose norms are folded into its convolutions, answers as it does module by module.</summary>
public class ConvolutionNormTests
{
    [Theory]
    [InlineData(ResNetVariant.Basic, ResNetShortcut.Pad)]
    [InlineData(ResNetVariant.Basic, ResNetShortcut.Conv)]
    [InlineData(ResNetVariant.Wide, ResNetShortcut.Conv)]
    public void A_frozen_network_answers_as_it_does_while_its_parts_are_recorded(ResNetVariant variant, ResNetShortcut shortcut)
    {
        using var model = Trained(variant, shortcut);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var images = new ModelInput(Tensor.Randn([64, 3, 16, 16], new Generator(2)));
        var folded = model.Forward(images).ToArray<float>();
        float[] plain;
        using (new FeaturePaths(model, [variant == ResNetVariant.Wide ? "block1" : "layer1"]).Record()) // then every module keeps its values
            plain = model.Forward(images).ToArray<float>();
        Assert.NotEqual(plain, folded); // another order of sums: else nothing was folded
        for (var i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i], folded[i], 1e-4 * (1 + plain.Max(Math.Abs)));
    }

    [Fact]
    public void Weights_that_were_changed_are_used_at_once()
    {
        using var model = Trained(ResNetVariant.Basic, ResNetShortcut.Pad);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var images = new ModelInput(Tensor.Randn([64, 3, 16, 16], new Generator(2)));
        var before = model.Forward(images).ToArray<float>();
        foreach (var (name, buffer) in model.StateDict().Where(s => s.Key.EndsWith("running_var", StringComparison.Ordinal)))
            buffer.MulInPlace(4.0);
        Assert.Contains(before.Zip(model.Forward(images).ToArray<float>()), p => Math.Abs(p.First - p.Second) > 0.01);
    }

    private static Model Trained(ResNetVariant variant, ResNetShortcut shortcut)
    {
        var config = new ResNetConfig { ClassNames = ModelContext.DefaultNames(4), Depth = variant == ResNetVariant.Wide ? 10 : 8, Variant = variant, Shortcut = shortcut };
        using var generator = new Generator(1);
        var model = config.Build(generator);
        using var scope = TensorScope.Open();
        model.Train();
        for (var i = 0; i < 3; i++) // statistics other than those at the start
            model.Forward(new ModelInput(Tensor.Randn([16, 3, 16, 16], generator) + 0.5));
        model.Eval();
        return model;
    }
}
