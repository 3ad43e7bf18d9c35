using Decant.Export;
using Decant.Models.Configuration;
using Decant.Models.ResNet;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>Trained weights of others on real images: what shows that weights are read and the network is right.</summary>
public class CifarCheckpointTests
{
    private const int ImageBytes = 3 * 32 * 32;
    private const string Images = "cifar10/test_batch_first1000.bin";
    private const string Weights20 = "checkpoints/resnet-cifar10/resnet20.safetensors";
    private const string Weights56 = "checkpoints/resnet-cifar10/resnet56.safetensors";

    [Fact]
    public void ResNet_20_scores_what_its_authors_measured() => Assert.InRange(Accuracy(20, Weights20), 0.912, 0.918);

    [Fact]
    public void ResNet_56_scores_what_its_authors_measured() => Assert.InRange(Accuracy(56, Weights56), 0.923, 0.929);

    private static double Accuracy(int depth, string weights)
    {
        using var model = ResNetClassifier.Create(new ResNetOptions { Depth = depth }, new ModelContext { Classes = 10, SampleShape = [3, 32, 32] });
        ModelFolder.LoadWeights(TestData.Need(weights), model);
        model.Eval();
        var records = File.ReadAllBytes(TestData.Need(Images)).Chunk(1 + ImageBytes).ToList();
        return records.Chunk(250).Sum(part => Right(model, part)) / (double)records.Count;
    }

    private static double Right(Model model, byte[][] records)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var labels = Tensor.From(Array.ConvertAll(records, r => (long)r[0]));
        var pixels = Tensor.From(records.SelectMany(r => r.Skip(1)).ToArray(), records.Length, 3, 32, 32).To(DType.Float32) / 255;
        var mean = Tensor.From([0.485f, 0.456f, 0.406f], 1, 3, 1, 1);
        var deviation = Tensor.From([0.229f, 0.224f, 0.225f], 1, 3, 1, 1);
        var logits = model.Forward(new ModelInput((pixels - mean) / deviation));
        return logits.ArgMax(1).EqualTo(labels).To(DType.Int64).Sum().Item();
    }
}
