using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Runs.Recipes.Binding;
using Decant.Training.Optimizers;

namespace Decant.Bench;

/// <summary>Everything that <c>decant bench</c> measures.</summary>
internal static class Workloads
{
    private const int Vocabulary = 8000;
    private const int MostTokens = 64;

    private static readonly int[] s_mnist = [1, 28, 28];
    private static readonly int[] s_cifar = [3, 32, 32];
    private static readonly IReadOnlyList<string> s_digits = ModelContext.DefaultNames(10);
    private static readonly IReadOnlyList<string> s_topics = ModelContext.DefaultNames(6);

    public static IReadOnlyList<Workload> All { get; } =
    [
        new()
        {
            Name = "mlp",
            About = "perceptron 784-1200-1200-10 teaches 784-800-800-10",
            Teacher = Mlp(1200, 1200),
            Student = Mlp(800, 800),
            Image = s_mnist,
            Samples = 8192,
            Batch = 128,
            Epochs = 20,
            LiveSteps = 128,
            Optimizer = Momentum(),
        },
        new()
        {
            Name = "cnn",
            About = "convolutions of 64 and 128 channels teach 16 and 32",
            Teacher = Cnn(64, 128, 256),
            Student = Cnn(16, 32, 64),
            Image = s_mnist,
            Samples = 2048,
            Batch = 128,
            Epochs = 5,
            LiveSteps = 16,
            Optimizer = Momentum(),
        },
        new()
        {
            Name = "resnet",
            About = "ResNet-56 teaches ResNet-20 on augmented images, in a whole training on four views of each",
            Teacher = ResNet(56),
            Student = ResNet(20),
            Image = s_cifar,
            Augment = true,
            Views = 4,
            Samples = 2048,
            Batch = 128,
            Epochs = 10,
            LiveSteps = 8,
            Optimizer = Momentum(weightDecay: 5e-4),
        },
        new()
        {
            Name = "encoder",
            About = "transformer encoder 6 × 256 teaches 2 × 128",
            Teacher = Encoder(6, 256, 8),
            Student = Encoder(2, 128, 4),
            Tokens = (8, MostTokens),
            Samples = 1024,
            Batch = 32,
            Epochs = 20,
            LiveSteps = 32,
            Optimizer = new AdamW { LearningRate = 1e-3, DecayAll = true },
        },
        new()
        {
            Name = "lstm",
            About = "LSTM 2 × 512 teaches 1 × 128",
            Teacher = Lstm(2, 512),
            Student = Lstm(1, 128),
            Tokens = (8, MostTokens),
            Samples = 1024,
            Batch = 32,
            Epochs = 12,
            LiveSteps = 32,
            Optimizer = new AdamW { LearningRate = 1e-3, DecayAll = true },
        },
        new()
        {
            Name = "gpt",
            About = "GPT-2's decoder 6 × 256 teaches 3 × 192, vocabulary 32,000",
            Teacher = Gpt(6, 256, 8),
            Student = Gpt(3, 192, 6),
            Sequence = 256,
            Samples = 64,
            Batch = 8,
            Epochs = 4,
            LiveSteps = 4,
            Optimizer = new AdamW { LearningRate = 1e-3, DecayAll = true },
        },
        new()
        {
            Name = "on-policy",
            About = "GPT-2's decoder 6 × 256 teaches 3 × 192 on texts of up to 96 tokens that the student writes, vocabulary 8,000",
            Teacher = Gpt(6, 256, 8, Vocabulary),
            Student = Gpt(3, 192, 6, Vocabulary),
            Sequence = 128,
            Written = new(Prompt: 32, NewTokens: 96, Ends: Vocabulary / 64),
            Samples = 64,
            Batch = 16,
            Epochs = 4,
            LiveSteps = 4,
            Optimizer = new AdamW { LearningRate = 1e-3, DecayAll = true },
        },
        new()
        {
            Name = "lstm-lm",
            About = "LSTM language model 2 × 650 teaches 2 × 200, vocabulary 10,000",
            Teacher = LanguageLstm(650),
            Student = LanguageLstm(200),
            Sequence = 35,
            Samples = 320,
            Batch = 20,
            Epochs = 4,
            LiveSteps = 8,
            Optimizer = new Sgd { LearningRate = 1, DecayAll = true },
        },
    ];

    /// <summary>The workloads of these names in their order; all where there is no name.</summary>
    /// <exception cref="DecantException">A name that is not known.</exception>
    public static IReadOnlyList<Workload> Find(IReadOnlyList<string> names) => names.Count == 0 ? All : [.. names.Distinct().Select(Find)];

    public static Workload Find(string name) => All.FirstOrDefault(w => w.Name == name)
        ?? throw new DecantException($"bench: there is no workload '{name}'{Suggestion.Ending(name, [.. All.Select(w => w.Name)], "there are")}");

    // Both sides decay all parameters alike: PyTorch does so by default.
    private static Sgd Momentum(double weightDecay = 0) => new() { LearningRate = 0.05, Momentum = 0.9, WeightDecay = weightDecay, DecayAll = true };

    private static MlpConfig Mlp(params int[] hidden) => new() { ClassNames = s_digits, InputShape = [1, 28, 28], HiddenSizes = hidden };

    private static CnnConfig Cnn(int first, int second, int hidden) => new()
    {
        ClassNames = s_digits,
        InputShape = [1, 28, 28],
        Channels = [first, second],
        HiddenSize = hidden,
        FeatureDropout = 0, // dropout would draw other numbers on the other side
        Dropout = 0,
    };

    private static ResNetConfig ResNet(int depth) => new() { ClassNames = s_digits, Depth = depth };

    private static BertConfig Encoder(int layers, int width, int heads) => new()
    {
        ClassNames = s_topics,
        VocabSize = Vocabulary,
        HiddenSize = width,
        NumHiddenLayers = layers,
        NumAttentionHeads = heads,
        IntermediateSize = 4 * width,
        HiddenDropoutProb = 0,
        AttentionProbsDropoutProb = 0,
        MaxPositionEmbeddings = MostTokens,
    };

    private static Gpt2Config Gpt(int layers, int width, int heads, int vocabulary = 32_000) => new()
    {
        Task = ModelTask.CausalLanguageModel,
        VocabSize = vocabulary,
        HiddenSize = width,
        Layers = layers,
        Heads = heads,
        MaxPositions = 256,
        ResidualDropout = 0,
        EmbeddingDropout = 0,
        AttentionDropout = 0,
    };

    private static LstmLanguageConfig LanguageLstm(int width) => new()
    {
        Task = ModelTask.CausalLanguageModel,
        VocabSize = 10_000,
        EmbeddingSize = width,
        HiddenSize = width,
    };

    private static LstmConfig Lstm(int layers, int width) => new()
    {
        ClassNames = s_topics,
        VocabSize = Vocabulary,
        EmbeddingSize = width,
        HiddenSize = width,
        NumHiddenLayers = layers,
        Bidirectional = false,
    };
}
