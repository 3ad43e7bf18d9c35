using Decant.Torch;

namespace Decant.Modules;

/// <summary>The linear layers that make queries, keys and values: three, or one for all.</summary>
internal sealed class AttentionProjections
{
    private readonly long _queryHeads;
    private readonly long _keyHeads;
    private readonly long _headWidth;
    private readonly ILinear[] _layers;

    public AttentionProjections(AttentionOptions options, long keyHeads, long headWidth, Generator? generator)
    {
        (_queryHeads, _keyHeads, _headWidth) = (options.Heads, keyHeads, headWidth);
        var (queries, keys) = (options.Heads * headWidth, keyHeads * headWidth);
        var names = options.Names;
        Layers = names.Joint is { } joint
            ? [Make(joint, queries + (2 * keys))]
            : [Make(names.Query, queries), Make(names.Key, keys), Make(names.Value, keys)];
        _layers = [.. Layers.Select(l => (ILinear)l.Value)];

        KeyValuePair<string, Module> Make(string name, long outputs) => new(name, Layer(options, name, options.Width, outputs, options.InputBias, generator));
    }

    /// <summary>The layers under their names.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Layers { get; }

    /// <summary>A layer as the family stores it.</summary>
    public static Module Layer(AttentionOptions options, string name, long inputs, long outputs, bool bias, Generator? generator)
    {
        int? rank = options.Ranks.TryGetValue(name, out var low) ? low : null;
        return options.Names.Joint is null || rank is not null
            ? LowRankLinear.Make(inputs, outputs, rank, bias, generator)
            : new TransposedLinear(inputs, outputs, bias, generator: generator);
    }

    /// <summary>[B, T, H] and [B, S, H] to [B·A, T, d] and twice [B·KV, S, d].</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Forward(Tensor input, Tensor? memory)
    {
        if (_layers is [var joint])
            return Apart(joint.Forward(input));
        return Split(Flat(input, memory));
    }

    /// <summary>Whether there are three layers.</summary>
    public bool AreApart => _layers.Length == 3;

    /// <summary>Floating-point operations of the layers for a number of rows.</summary>
    public long Flops(long rows) => _layers.Sum(layer => layer.Flops(rows));

    /// <summary>What the three layers give: [B, T, A·d] and twice [B, S, KV·d].</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Flat(Tensor input, Tensor? memory) =>
        (_layers[0].Forward(input), _layers[1].Forward(memory ?? input), _layers[2].Forward(memory ?? input));

    /// <summary>The heads of it: [B·A, T, d] and twice [B·KV, S, d].</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Split((Tensor Query, Tensor Key, Tensor Value) flat) =>
        (Split(flat.Query, _queryHeads), Split(flat.Key, _keyHeads), Split(flat.Value, _keyHeads));

    // [B, T, heads·d] to [B·heads, T, d]
    private Tensor Split(Tensor input, long heads)
    {
        var (batch, length) = (input.Size(0), input.Size(1));
        return input.View(batch, length, heads, _headWidth).Transpose(1, 2).Reshape(batch * heads, length, _headWidth);
    }

    // [B, T, 3·A·d] to three of [B·A, T, d], in one copy
    private (Tensor Query, Tensor Key, Tensor Value) Apart(Tensor input)
    {
        var (batch, length) = (input.Size(0), input.Size(1));
        var parts = input.View(batch, length, 3, _queryHeads, _headWidth).Permute(2, 0, 3, 1, 4).Reshape(3, batch * _queryHeads, length, _headWidth).Unbind();
        return (parts[0], parts[1], parts[2]);
    }
}
