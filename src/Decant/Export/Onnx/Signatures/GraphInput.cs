using Decant.Export.Onnx.Symbolic;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>An input of an exported graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">float32 or int64.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Numbers">What it may hold.</param>
/// <param name="Limit">The number of token ids or kinds, for <see cref="InputNumbers.Below"/>.</param>
internal sealed record GraphInput(string Name, DType DType, IReadOnlyList<Size> Shape, InputNumbers Numbers, long Limit = 0);

/// <summary>What an input may hold.</summary>
internal enum InputNumbers
{
    /// <summary>Real numbers.</summary>
    Real,

    /// <summary>Integers from 0 on, below a limit.</summary>
    Below,

    /// <summary>1 where there is a token, 0 behind the end of a text.</summary>
    Mask,
}
