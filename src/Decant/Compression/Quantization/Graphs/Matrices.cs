namespace Decant.Compression.Quantization.Graphs;

/// <summary>Matrices that lie row by row.</summary>
internal static class Matrices
{
    /// <summary>The transpose.</summary>
    /// <param name="values">The matrix.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    public static T[] Transpose<T>(ReadOnlySpan<T> values, int rows, int columns)
    {
        var transposed = new T[values.Length];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                transposed[(j * rows) + i] = values[(i * columns) + j];
        return transposed;
    }
}
