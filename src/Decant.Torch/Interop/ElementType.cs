namespace Decant.Torch.Interop;

/// <summary>The type of a tensor's elements, as the bridge and error messages need it.</summary>
/// <param name="Code">libtorch's <c>c10::ScalarType</c>.</param>
/// <param name="Size">The bytes of one element.</param>
/// <param name="Name">Its name in error messages.</param>
internal readonly record struct ElementType(int Code, int Size, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
