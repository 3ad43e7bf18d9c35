using Decant.Torch;

namespace Decant.Modules;

/// <summary>Keys and values that come from outside and go back there, in the layout of exported decoders. They stay the caller's; nothing is written into them.</summary>
/// <param name="keys">[B, heads, P, d].</param>
/// <param name="values">[B, heads, P, d].</param>
internal sealed class GivenKeyValues(Tensor keys, Tensor values) : KeyValueCache
{
    /// <summary>Those of all positions, [B, heads, P + T, d]; before anything was appended, those that were given.</summary>
    public (Tensor Keys, Tensor Values) All { get; private set; } = (keys, values);

    /// <inheritdoc/>
    public override long Length => All.Keys.Size(2);

    /// <inheritdoc/>
    public override (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        All = (Joined(All.Keys, keys), Joined(All.Values, values));
        return (Flat(All.Keys), Flat(All.Values));
    }

    private static Tensor Joined(Tensor past, Tensor added) =>
        TensorScope.Own(Tensor.Cat([past, added.View(past.Size(0), past.Size(1), added.Size(1), past.Size(3))], 2));

    // [B, heads, S, d] to [B·heads, S, d]
    private static Tensor Flat(Tensor all) => all.View(all.Size(0) * all.Size(1), all.Size(2), all.Size(3));
}
