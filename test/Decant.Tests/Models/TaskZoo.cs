using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.ImageNetResNet;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Models.Roberta;
using Decant.Models.Static;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>A small model for every kind and task beside the classification that <see cref="Zoo"/> has, and inputs for it.</summary>
internal static class TaskZoo
{
    private static readonly (string Name, ModelTask Task)[] s_tasks =
    [
        ("regression", ModelTask.Regression), ("embedding", ModelTask.Embedding), ("tokens", ModelTask.TokenClassification),
        ("masked", ModelTask.MaskedLanguageModel), ("causal", ModelTask.CausalLanguageModel),
    ];

    private static readonly Dictionary<string, (ModelOptions Options, string[] Tasks)> s_kinds = new()
    {
        ["mlp"] = (new MlpOptions { Hidden = [8] }, ["regression", "embedding"]),
        ["cnn"] = (new CnnOptions { Channels = [4, 6], Hidden = 8 }, ["regression", "embedding"]),
        ["resnet"] = (new ResNetOptions { Depth = 8 }, ["regression", "embedding"]),
        ["imagenet-resnet"] = (new ImageNetResNetOptions { Width = 2 }, ["regression", "embedding"]),
        ["textcnn"] = (new TextCnnOptions { Embedding = 6, Filters = 5 }, ["regression", "embedding"]),
        ["static"] = (new StaticOptions { Dimensions = 16 }, ["regression", "embedding"]),
        ["lstm"] = (new LstmOptions { Embedding = 6, Hidden = 5, Layers = 2 }, ["regression", "embedding", "tokens"]),
        ["lstm-lm"] = (new LstmLanguageOptions { Embedding = 6, Hidden = 5, WeightDropout = 0.1, InputDropout = 0.1 }, ["causal"]),
        ["encoder"] = (new BertOptions { Hidden = 16, Heads = 4 }, ["regression", "embedding", "tokens", "masked"]),
        ["distilbert"] = (new DistilBertOptions { Hidden = 16, Heads = 4 }, ["regression", "embedding", "tokens", "masked"]),
        ["encoder-compact"] = (new BertOptions { Layers = 3, Hidden = 16, Heads = 4, ShareLayers = [0, 0, 1], Rank = 4, Embedding = 5 }, ["embedding", "tokens", "masked"]),
        ["roberta"] = (new RobertaOptions { Hidden = 16, Heads = 4, Normalize = false }, ["regression", "embedding", "tokens", "masked"]),
    };

    public static TheoryData<string, string> All => Where((_, _) => true);

    public static TheoryData<string, string> OfTokens => Where((_, task) => IsOfTokens(task));

    public static TheoryData<string, string> OfText => Where((kind, _) => IsText(kind));

    public static bool IsText(string kind) => kind is not ("mlp" or "cnn" or "resnet" or "imagenet-resnet");

    public static bool IsOfTokens(string task) => task is "tokens" or "masked" or "causal";

    /// <summary>The family's kind in recipes.</summary>
    public static string KindOf(string kind) => ModelFamilies.All.Single(f => f.OptionsType == s_kinds[kind].Options.GetType()).Kind;

    public static ModelTask Task(string task) => s_tasks.Single(t => t.Name == task).Task;

    /// <summary>How many numbers an answer has.</summary>
    public static int Outputs(string task) => task switch
    {
        "regression" => 2,
        "embedding" => 16,
        "tokens" => 3,
        _ => 30,
    };

    public static Model Create(string kind, string task, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        return ModelFamilies.All.Single(f => f.OptionsType == s_kinds[kind].Options.GetType()).Create(s_kinds[kind].Options, Context(kind, task), generator);
    }

    public static ModelContext Context(string kind, string task) => new()
    {
        Task = Task(task),
        Classes = Task(task).IsLanguageModel() ? 0 : Outputs(task),
        VocabularySize = IsText(kind) ? 30 : null,
        SampleShape = IsText(kind) ? [] : [3, 12, 12],
        MaxTokens = IsText(kind) ? 20 : 0,
    };

    public static ModelInput Input(string kind, int width = 9) => Zoo.Input(IsText(kind) ? "lstm" : "mlp", width);

    private static TheoryData<string, string> Where(Func<string, string, bool> condition)
    {
        var cases = new TheoryData<string, string>();
        foreach (var (kind, (_, tasks)) in s_kinds)
            foreach (var task in tasks.Where(task => condition(kind, task)))
                cases.Add(kind, task);
        return cases;
    }
}
