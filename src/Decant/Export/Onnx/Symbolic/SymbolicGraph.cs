using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Export.Onnx.Symbolic;

/// <summary>A program of operators for inputs of any size.</summary>
/// <param name="Values">Every tensor.</param>
/// <param name="Calls">Every call, in order.</param>
/// <param name="Outputs">What it gives, by name and index of the value.</param>
internal sealed record SymbolicGraph(
    IReadOnlyList<SymbolicValue> Values, IReadOnlyList<SymbolicCall> Calls, IReadOnlyList<KeyValuePair<string, int>> Outputs);

/// <summary>A tensor of such a program.</summary>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Source">Where it comes from, as in the first recording.</param>
internal sealed record SymbolicValue(DType DType, IReadOnlyList<Size> Shape, RecordedValue Source);

/// <summary>A call of such a program.</summary>
/// <param name="Operator">Its name with the overload.</param>
/// <param name="Arguments">Those that were given; integers are <see cref="Size"/>, lists of integers arrays of it, the rest as it was recorded.</param>
/// <param name="Results">The values that it gives; −1 where one is undefined.</param>
/// <param name="Place">The module that ended next; null: none did.</param>
internal sealed record SymbolicCall(string Operator, IReadOnlyList<RecordedArgument> Arguments, IReadOnlyList<int> Results, object? Place);
