using System.Diagnostics;
using Decant.Bench;
using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;

namespace Decant.Tests.Bench;

/// <summary>The workloads as they are, but so small that a round takes no time.</summary>
internal static class TinyWorkloads
{
    public static IEnumerable<Workload> All => Workloads.All.Select(Small);

    public static Workload Find(string name) => Small(Workloads.Find(name));

    public static Workload Small(Workload workload) => workload with
    {
        Teacher = Small(workload.Teacher, 8),
        Student = Small(workload.Student, 4),
        Image = workload.IsText ? [] : [workload.Image[0], 12, 12],
        Tokens = (3, 9),
        Sequence = workload.Sequence > 0 ? 7 : 0,
        Written = workload.Written is null ? null : new(Prompt: 3, NewTokens: 4, Ends: 5),
        Samples = 16,
        Batch = 4,
        Epochs = 2,
        LiveSteps = 4,
    };

    private static ModelConfig Small(ModelConfig config, int width) => config switch
    {
        MlpConfig mlp => mlp with { InputShape = [1, 12, 12], HiddenSizes = [width, width] },
        CnnConfig cnn => cnn with { InputShape = [1, 12, 12], Channels = [width / 2, width], HiddenSize = width },
        ResNetConfig resnet => resnet with { Depth = 8, EmbeddingSize = width, HiddenSizes = [width, 2 * width, 2 * width] },
        BertConfig bert => bert with { VocabSize = 50, HiddenSize = width, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 2 * width, MaxPositionEmbeddings = 9 },
        LstmConfig lstm => lstm with { VocabSize = 50, EmbeddingSize = width, HiddenSize = width },
        LstmLanguageConfig lstm => lstm with { VocabSize = 50, EmbeddingSize = width, HiddenSize = width },
        Gpt2Config gpt => gpt with { VocabSize = 50, HiddenSize = width, Layers = 2, Heads = 2, MaxPositions = 9 },
        _ => throw new ArgumentException($"{config.GetType().Name} has no small form."),
    };
}

/// <summary>Debian's Python with PyTorch.</summary>
internal static class PythonWithTorch
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> s_isThere = new(IsThere);

    /// <summary>Its path; skips the test where it is not there.</summary>
    public static string Path
    {
        get
        {
            Assert.SkipUnless(s_isThere.Value, $"{Python} has no PyTorch; apt-get install python3-torch python3-numpy.");
            return Python;
        }
    }

    private static bool IsThere()
    {
        if (!File.Exists(Python)) return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import importlib.util as u, sys; sys.exit(not (u.find_spec('torch') and u.find_spec('numpy')))"]))!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
