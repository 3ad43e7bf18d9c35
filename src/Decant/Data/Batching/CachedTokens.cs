using System.Collections.Concurrent;

namespace Decant.Data.Batching;

/// <summary>Caches the token ids of samples, up to 16 million tokens (128 MB with their keys); safe to use from several threads.</summary>
internal sealed class CachedTokens<T>(Func<T, int> tokensOf)
{
    private const long Most = 16_000_000;
    private readonly ConcurrentDictionary<SampleId, T> _remembered = new();
    private long _tokens;

    public T Get(Sample sample, Func<T> encode)
    {
        if (_remembered.TryGetValue(sample.Id, out var known)) return known;
        var encoded = encode();
        if (Interlocked.Add(ref _tokens, tokensOf(encoded)) <= Most) _remembered.TryAdd(sample.Id, encoded);
        return encoded;
    }
}
