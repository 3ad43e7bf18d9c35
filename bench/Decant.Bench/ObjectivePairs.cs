using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.ResNet;
using Decant.Training.Optimizers;

namespace Decant.Bench;

/// <summary>The models that objectives are measured with: one pair that reads texts and one that sees images, of a size of everyday.</summary>
internal static class ObjectivePairs
{
    private const int MostTokens = 64;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new()
        {
            Name = "encoder",
            About = "transformer encoder 4 × 256 teaches 2 × 128, texts of 8 to 64 tokens",
            Teacher = Encoder(4, 256, 8),
            Student = Encoder(2, 128, 4),
            Tokens = (8, MostTokens),
            Samples = 256,
            Batch = 32,
            Epochs = 1,
            LiveSteps = 4,
            Optimizer = new AdamW { LearningRate = 1e-3 },
        },
        new()
        {
            Name = "resnet",
            About = "ResNet-20 teaches ResNet-8, images of 3 × 32 × 32",
            Teacher = ResNet(20),
            Student = ResNet(8),
            Image = [3, 32, 32],
            Samples = 512,
            Batch = 64,
            Epochs = 1,
            LiveSteps = 4,
            Optimizer = new Sgd { LearningRate = 0.05, Momentum = 0.9 },
        },
    ];

    public static Workload Find(string name) => All.Single(pair => pair.Name == name);

    private static ResNetConfig ResNet(int depth) => new() { ClassNames = ModelContext.DefaultNames(10), Depth = depth };

    private static BertConfig Encoder(int layers, int width, int heads) => new()
    {
        ClassNames = ModelContext.DefaultNames(6),
        VocabSize = 8000,
        HiddenSize = width,
        NumHiddenLayers = layers,
        NumAttentionHeads = heads,
        IntermediateSize = 4 * width,
        MaxPositionEmbeddings = MostTokens,
    };
}
