using Decant.Export;
using Decant.Export.Gguf;
using Decant.Modules;
using Decant.Tests.Export.Gguf;
using Decant.Text;
using Decant.Text.Training;

namespace Decant.Tests.LLama;

/// <summary>Small models with the GGUF files that are made of them.</summary>
internal sealed class GgufModels : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private GgufModels(Model model, ITokenizer tokenizer, GgufWeights weights)
    {
        (Model, Tokenizer) = (model, tokenizer);
        File = GgufFixture.Write(_folder, model, tokenizer, new() { Weights = weights }).Path;
    }

    /// <summary>The model that was written.</summary>
    public Model Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>A decoder of random weights.</summary>
    public static GgufModels Decoder(string type = "llama", GgufWeights weights = GgufWeights.F16) =>
        type == "llama" ? new(GgufFixture.Model(GgufFixture.Decoder("llama", vocabulary: 512)), GgufFixture.Pieces, weights) : new(GgufFixture.Model(GgufFixture.Decoder(type)), GgufFixture.Bytes, weights);

    /// <summary>A BERT of random weights that makes vectors.</summary>
    /// <param name="pooling">How: mean or first.</param>
    public static GgufModels Encoder(string pooling = "mean") => new(GgufFixture.Model(GgufFixture.Encoder("bert", $$"""{"pooling":"{{pooling}}"}""")), GgufFixture.Words, GgufWeights.F16);

    /// <summary>The same with 500 tokens.</summary>
    public static GgufModels SmallEncoder() => new(GgufFixture.Model(GgufFixture.Encoder("bert", """{"pooling":"mean","vocab_size":500}""")), new WordPieceOptions { Vocabulary = 500 }.Train(GgufFixture.Texts), GgufWeights.F16);

    /// <summary>The published Llama of 260,000 weights.</summary>
    public static GgufModels Stories(GgufWeights weights = GgufWeights.F16) => new(ModelFolder.Load(RealData.Find("stories260K/hf")), GgufFixture.Pieces, weights);

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }
}
