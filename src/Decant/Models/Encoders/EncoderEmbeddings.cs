using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>The sum of word, position and, where there are any, token-type embeddings, normalised.</summary>
internal sealed class EncoderEmbeddings : Module
{
    /// <summary>The name of the matrix that makes words as wide as the states.</summary>
    public const string Projection = "word_projection";

    private readonly EncoderShape _shape;
    private readonly Embedding _words;
    private readonly Linear? _projection;
    private readonly Tensor _positions;
    private readonly Embedding? _types;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public EncoderEmbeddings(EncoderShape shape, Generator? generator)
    {
        _shape = shape;
        var (width, deviation) = (shape.Width, shape.Deviation);
        _words = RegisterModule("word_embeddings", new Embedding(shape.Vocabulary, shape.Embedding ?? width, shape.Padding, deviation, generator));
        if (shape.Embedding is { } embedding)
            _projection = RegisterModule(Projection, new Linear(embedding, width, bias: false, generator));
        _positions = shape.Sinusoidal
            ? RegisterModule("position_embeddings", new SinusoidalTable(shape.Positions, width)).Weight
            : RegisterModule("position_embeddings", new Embedding(shape.Positions, width, shape.CountsTokens ? shape.Padding : null, deviation, generator)).Weight;
        if (shape.TokenTypes > 0)
            _types = RegisterModule("token_type_embeddings", new Embedding(shape.TokenTypes, width, null, deviation, generator));
        _norm = RegisterModule("LayerNorm", new LayerNorm(width, shape.Epsilon));
        _dropout = RegisterModule("dropout", new Dropout(shape.Dropout));
    }

    /// <summary>[V, H], or [V, E] where <see cref="ToStates"/> makes them as wide as the states.</summary>
    public Tensor Words => _words.Weight;

    /// <summary>[H, E]; null: words are as wide as the states.</summary>
    public Tensor? ToStates => _projection?.Weight;

    /// <summary>Floating-point operations for a number of tokens.</summary>
    public long Flops(long length) => _projection?.Flops(length) ?? 0;

    /// <summary>Draws the matrix again, normally with 1 ÷ √E, so that words have the deviation of their table.</summary>
    public void RedrawProjection(Generator? generator)
    {
        if (_projection is not null)
            Initialise.Redraw(_projection.Weight, 1 / Math.Sqrt(_projection.Inputs), generator);
    }

    /// <summary>[B, T] to [B, T, H].</summary>
    public Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        var places = _shape.CountsTokens
            ? Functional.Embedding(_positions, PositionsOf(input), _shape.Padding) // [B, T, H]
            : _positions.Narrow(0, 0, input.Values.Size(1)); // [T, H]: positions are 0, 1, …
        var words = _words.Forward(input.Values);
        words = _projection?.Forward(words) ?? words;
        return RecordActivation(scope.Keep(_dropout.Forward(_norm.Forward(Kinds(input.TokenTypes) is { } kinds ? Sum(words, places, kinds) : words + places))));
    }

    // Small ones first, so that all but one sum are of [T, H] when there is one text.
    private static Tensor Sum(Tensor words, Tensor places, Tensor kinds) => kinds.Dimensions == 1 ? words + (places + kinds) : words + kinds + places;

    // [H] or [B, T, H]. A table of one row says that all texts are of one kind, with any token type.
    private Tensor? Kinds(Tensor? types) => types is null || _shape.TokenTypes <= 1 ? _types?.Weight.Select(0, 0) : _types!.Forward(types);

    // Tokens are counted from the row behind that of padding on; padding has a row of its own.
    private Tensor PositionsOf(ModelInput input)
    {
        var isToken = input.Values.NotEqualTo(_shape.Padding); // [B, T]
        if (input.AttentionMask is { } mask)
            isToken = isToken.And(mask);
        var counted = isToken.To(DType.Int64);
        var places = counted.CumSum(1).Mul(counted);
        places.AddInPlace((long)_shape.Padding);
        return places;
    }
}
