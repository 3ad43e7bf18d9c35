using System.Globalization;

namespace Decant.Export.Onnx.Symbolic;

/// <summary>The sizes that vary from call to call, under the names that Hugging Face's exports have for them.</summary>
internal static class SizeNames
{
    /// <summary>B.</summary>
    public const string Batch = "batch_size";

    /// <summary>T, the tokens that come.</summary>
    public const string Sequence = "sequence_length";

    /// <summary>P, the tokens that were read before; may be 0.</summary>
    public const string Past = "past_sequence_length";

    private const string ValuePrefix = "size_of_";

    /// <summary>A size that is known only as that of a value.</summary>
    public static Size OfValue(int value, int dimension) => Size.Varying(string.Create(CultureInfo.InvariantCulture, $"{ValuePrefix}{value}_{dimension}"));

    /// <summary>The value and dimension of such a size; null: it has a name of its own.</summary>
    public static (int Value, int Dimension)? ValueOf(string symbol) => symbol.StartsWith(ValuePrefix, StringComparison.Ordinal) && symbol[ValuePrefix.Length..].Split('_') is [var value, var dimension]
        ? (int.Parse(value, CultureInfo.InvariantCulture), int.Parse(dimension, CultureInfo.InvariantCulture))
        : null;
}
