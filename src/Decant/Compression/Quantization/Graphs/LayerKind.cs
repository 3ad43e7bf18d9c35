namespace Decant.Compression.Quantization.Graphs;

/// <summary>What a layer does with its weights.</summary>
internal enum LayerKind
{
    /// <summary>Multiplies by a matrix: MatMul or Gemm.</summary>
    Matrix,

    /// <summary>Convolves, over any number of axes.</summary>
    Convolution,

    /// <summary>A long short-term memory.</summary>
    Lstm,

    /// <summary>Looks up rows of a table.</summary>
    Embedding,
}
