using Decant.Torch;

namespace Decant.Export.Tensors;

/// <summary>What a file says of one of its tensors.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The elements' type.</param>
/// <param name="Shape">The sizes; empty for a scalar.</param>
/// <param name="ByteCount">How many bytes its elements have.</param>
/// <param name="File">The file that it is in.</param>
internal sealed record StoredTensor(string Name, DType DType, IReadOnlyList<long> Shape, long ByteCount, string File)
{
    /// <summary>How many elements.</summary>
    public long ElementCount => ByteCount / DType.Size();
}
