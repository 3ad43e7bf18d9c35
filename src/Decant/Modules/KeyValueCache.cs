using Decant.Torch;

namespace Decant.Modules;

/// <summary>The keys and values of what one layer has read so far, so that the next token is read without reading the others again.</summary>
/// <remarks>Room is taken ahead and doubled when it runs out. The cache owns its memory, independent of scopes; no gradient flows through it.</remarks>
/// <param name="room">How many positions there is room for at first; 64.</param>
internal class KeyValueCache(long room = 64) : IDisposable
{
    private Tensor? _keys;
    private Tensor? _values;
    private long _length;

    /// <summary>How many positions were read.</summary>
    public virtual long Length => _length;

    /// <summary>Takes further positions in.</summary>
    /// <param name="keys">[B·heads, T, d].</param>
    /// <param name="values">[B·heads, T, d].</param>
    /// <returns>Those of all positions so far, [B·heads, S, d]: views, until more is appended.</returns>
    public virtual (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        var (start, added) = (Length, keys.Size(1));
        _length += added;
        Reserve(keys, start);
        Write(_keys!, keys, start);
        Write(_values!, values, start);
        return (_keys!.Narrow(1, 0, Length), _values!.Narrow(1, 0, Length));
    }

    /// <summary>Forgets all texts but some.</summary>
    /// <param name="texts">[n] int64, which stay.</param>
    /// <param name="batch">B, how many there are.</param>
    public void Keep(Tensor texts, long batch)
    {
        ArgumentNullException.ThrowIfNull(texts);
        (_keys, _values) = (Kept(_keys, texts, batch), Kept(_values, texts, batch));
    }

    /// <summary>Forgets everything and keeps the room.</summary>
    public void Clear() => _length = 0;

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the cache owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    private static void Write(Tensor all, Tensor part, long start)
    {
        using var noGrad = Autograd.NoGrad();
        using var place = all.Narrow(1, start, part.Size(1));
        place.CopyInPlace(part);
    }

    private void Reserve(Tensor like, long used)
    {
        if (_keys is not null && _keys.Size(1) >= Length)
            return;
        var capacity = Math.Max(Length, _keys is null ? room : 2 * _keys.Size(1));
        _keys = Grown(_keys, like, used, capacity);
        _values = Grown(_values, like, used, capacity);
    }

    private static Tensor? Kept(Tensor? all, Tensor texts, long batch)
    {
        if (all is null)
            return null;
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var (heads, room, width) = (all.Size(0) / batch, all.Size(1), all.Size(2));
        var kept = TensorScope.Own(all.View(batch, heads, room, width).IndexSelect(0, texts).View(texts.Size(0) * heads, room, width));
        all.Dispose();
        return kept;
    }

    private static Tensor Grown(Tensor? old, Tensor like, long used, long capacity)
    {
        using var suspended = TensorScope.Suspend();
        var grown = Tensor.Empty([like.Size(0), capacity, like.Size(2)], like.DType, like.Device);
        if (old is null)
            return grown;
        using var kept = old.Narrow(1, 0, used);
        if (used > 0)
            Write(grown, kept, 0);
        old.Dispose();
        return grown;
    }
}
