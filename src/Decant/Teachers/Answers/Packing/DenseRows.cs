namespace Decant.Teachers.Answers.Packing;

/// <summary>Rows of numbers: logits, scores, vectors, inner states.</summary>
/// <param name="Width">How many numbers a row has.</param>
/// <param name="Values">[R · width], row by row.</param>
internal sealed record DenseRows(int Width, float[] Values)
{
    /// <summary>R.</summary>
    public int Count => Width == 0 ? 0 : Values.Length / Width;
}
