using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>The sum of word, position and token-type embeddings, normalised.</summary>
internal sealed class BertEmbeddings : Module
{
    private readonly Embedding _words;
    private readonly Embedding _positions;
    private readonly Embedding _types;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertEmbeddings(BertConfig config, Generator? generator)
    {
        var (width, deviation) = (config.HiddenSize, config.InitializerRange);
        _words = RegisterModule("word_embeddings", new Embedding(config.VocabSize, width, config.PadTokenId, deviation, generator));
        _positions = RegisterModule("position_embeddings", new Embedding(config.MaxPositionEmbeddings, width, null, deviation, generator));
        _types = RegisterModule("token_type_embeddings", new Embedding(config.TypeVocabSize, width, null, deviation, generator));
        _norm = RegisterModule("LayerNorm", new LayerNorm(width, config.LayerNormEps));
        _dropout = RegisterModule("dropout", new Dropout(config.HiddenDropoutProb));
    }

    /// <summary>[B, T] to [B, T, H].</summary>
    public Tensor Forward(Tensor tokens, Tensor? types)
    {
        using var scope = TensorScope.Open();
        var places = _positions.Weight.Narrow(0, 0, tokens.Size(1)); // [T, H]: positions are 0, 1, …
        var kinds = types is null ? _types.Weight.Select(0, 0) : _types.Forward(types); // [H] or [B, T, H]
        // Small ones first, so that all but one sum are of [T, H] when there is one text.
        var x = types is null ? _words.Forward(tokens) + (places + kinds) : _words.Forward(tokens) + kinds + places;
        return scope.Keep(_dropout.Forward(_norm.Forward(x)));
    }
}
