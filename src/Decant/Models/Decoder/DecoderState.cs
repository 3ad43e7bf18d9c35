using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>The keys and values that every layer has read, and where padding stands.</summary>
internal sealed class DecoderState(int layers, bool keepsTokens) : ICausalState
{
    private Tensor? _mask;
    private Tensor? _tokens;
    private long _batch;

    public long Length => Caches[0].Length;

    public IReadOnlyList<KeyValueCache> Caches { get; } = [.. Enumerable.Range(0, layers).Select(_ => new KeyValueCache())];

    /// <summary>[B, S] of what was read and the piece that comes; null: no padding.</summary>
    public Tensor? Mask(Tensor tokens, Tensor? mask)
    {
        if (_mask is null && mask is null)
            return null;
        var (batch, length) = (tokens.Size(0), tokens.Size(1));
        mask ??= Tensor.Ones([batch, length], DType.Bool, tokens.Device);
        if (_mask is null && Length > 0)
            throw new ArgumentException($"Padding stands before the first token; {Length} tokens were read already.", nameof(mask));
        Exchange(ref _mask, _mask is null ? mask.Clone() : Tensor.Cat([_mask, mask], 1));
        return _mask;
    }

    /// <summary>All that was read, the piece included, where it may have to be read again.</summary>
    public Tensor Remember(Tensor tokens)
    {
        _batch = tokens.Size(0);
        if (keepsTokens)
            Exchange(ref _tokens, _tokens is null ? tokens.Clone() : Tensor.Cat([_tokens, tokens], 1));
        return _tokens ?? tokens;
    }

    public bool CanKeep => true;

    public void Keep(Tensor texts)
    {
        using var scope = TensorScope.Open();
        foreach (var cache in Caches)
            cache.Keep(texts, _batch);
        if (_mask is not null)
            Exchange(ref _mask, _mask.IndexSelect(0, texts));
        if (_tokens is not null)
            Exchange(ref _tokens, _tokens.IndexSelect(0, texts));
        _batch = texts.Size(0);
    }

    /// <summary>Forgets what layers have read.</summary>
    public void Clear()
    {
        foreach (var cache in Caches)
            cache.Clear();
    }

    public void Dispose()
    {
        _mask?.Dispose();
        _tokens?.Dispose();
        foreach (var cache in Caches)
            cache.Dispose();
    }

    private static void Exchange(ref Tensor? old, Tensor now)
    {
        old?.Dispose();
        old = TensorScope.Own(now);
    }
}
