using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.LstmText;
using Decant.Models.Mistral;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;
using Decant.Models.Roberta;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Export.Onnx.Consumers;

/// <summary>Small random models with real tokenizers, wide enough that different texts get different answers.</summary>
internal static class ConsumerTextModels
{
    public const int MaxTokens = 128;
    private const double Wide = 0.4; // the standard deviation of initial weights
    private static readonly string[] s_labels = ["good", "bad", "气"];
    private static readonly string[] s_tags = ["O", "B-per", "I-per", "B-loc"];

    public static IEnumerable<(string Name, Model Model, ITokenizer Tokenizer)> All()
    {
        var (bert, roberta) = (new BertOptions { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide }, new RobertaOptions { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide });
        var distil = new DistilBertOptions { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide };
        yield return Of("text-classification-bert", "encoder", bert, ModelTask.Classification, "wordpiece", s_labels);
        yield return Of("text-classification-distilbert", "distilbert", distil, ModelTask.Classification, "wordpiece-cased", s_labels);
        yield return Of("text-classification-roberta", "roberta", roberta, ModelTask.Classification, "unigram", s_labels);
        yield return Of("text-classification-lstm", "lstm", new LstmOptions { Embedding = 32, Hidden = 32 }, ModelTask.Classification, "wordpiece", s_labels);
        yield return Of("text-classification-textcnn", "textcnn", new TextCnnOptions { Embedding = 32, Filters = 16 }, ModelTask.Classification, "byte-bpe", s_labels);
        yield return Of("token-classification-bert", "encoder", bert, ModelTask.TokenClassification, "wordpiece", s_tags);
        yield return Of("token-classification-distilbert", "distilbert", distil, ModelTask.TokenClassification, "wordpiece", s_tags);
        yield return Of("fill-mask-bert", "encoder", bert, ModelTask.MaskedLanguageModel, "wordpiece", []);
        yield return Of("fill-mask-roberta", "roberta", roberta, ModelTask.MaskedLanguageModel, "wordpiece", []);
        yield return Of("feature-extraction-bert", "encoder", bert with { Pooling = EncoderPooling.Mean }, ModelTask.Embedding, "wordpiece", []);
        var llama = new LlamaOptions { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide };
        yield return Of("text-generation-gpt2", "gpt2", new Gpt2Options { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide }, ModelTask.CausalLanguageModel, "byte-bpe", []);
        yield return Of("text-generation-llama", "llama", llama, ModelTask.CausalLanguageModel, "byte-bpe", []);
        yield return Of("text-generation-mistral", "mistral", new MistralOptions { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide }, ModelTask.CausalLanguageModel, "byte-bpe", []);
        yield return Of("text-generation-qwen2", "qwen2", new Qwen2Options { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide }, ModelTask.CausalLanguageModel, "byte-bpe", []);
        yield return Of("text-generation-qwen3", "qwen3", new Qwen3Options { Layers = 2, Hidden = 32, Heads = 4, InitializerRange = Wide }, ModelTask.CausalLanguageModel, "byte-bpe", []);
    }

    private static (string Name, Model Model, ITokenizer Tokenizer) Of(string name, string kind, ModelOptions options, ModelTask task, string tokenizer, IReadOnlyList<string> classes)
    {
        var loaded = TokenizerFile.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", tokenizer));
        var context = new ModelContext
        {
            Task = task,
            Classes = task == ModelTask.Embedding ? 32 : classes.Count,
            ClassNames = classes,
            VocabularySize = loaded.VocabularySize,
            PadToken = loaded.Special.Filler,
            MaxTokens = MaxTokens,
        };
        using var generator = new Generator(3);
        var model = ModelFamilies.All.Single(f => f.Kind == kind).Create(options, context, generator);
        model.Eval();
        return (name, model, loaded);
    }
}
