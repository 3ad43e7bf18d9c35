using Decant.Torch;

namespace Decant.Export.Safetensors;

/// <summary>Where one tensor of a file is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The elements' type.</param>
/// <param name="Shape">The sizes; empty for a scalar.</param>
/// <param name="Offset">Where its bytes begin, from the beginning of the file.</param>
/// <param name="ByteCount">How many bytes it has.</param>
internal sealed record SafetensorsEntry(string Name, DType DType, IReadOnlyList<long> Shape, long Offset, long ByteCount);
