using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// Losses of rows of logits together with their gradient, computed in one pass over each row: with a large vocabulary an operator waits for memory, and a loss that
/// is composed of operators passes over all logits for each of them. On the processor and in float32 only.
/// </summary>
internal static class RowLosses
{
    /// <summary>Whether logits are of the kind that is served: [R, C] float32 on the processor, R and C at least 1.</summary>
    public static bool Serve(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits is { Dimensions: 2, DType: DType.Float32, ElementCount: > 0 } && logits.Device == Device.Cpu;
    }

    /// <summary>KL divergence of p = softmax(teacher ÷ τ) from q = softmax(student ÷ τ): Σ p·(log p − log q) of every row. A class with p = 0 has no part.</summary>
    /// <param name="student">[R, C]; what is recorded of it is not looked at.</param>
    /// <param name="teacher">[R, C].</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="slope">What q − p is multiplied by: 1 ÷ τ for the derivative of the divergence, τ for that of its product with τ².</param>
    /// <param name="factors">[R], of each row and its gradient; null: all 1.</param>
    /// <returns>[R], and [R, C]: the derivative of their sum by the student's logits, as far as the slope says.</returns>
    /// <exception cref="TorchException">The tensors are not of the kind that is served, or do not fit each other.</exception>
    public static (Tensor Rows, Tensor Gradient) SoftTargets(Tensor student, Tensor teacher, double temperature, double slope, Tensor? factors = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        Span<NativeValue> results = stackalloc NativeValue[2];
        RowLossCalls.Divergence(student, teacher, factors, isReverse: false, temperature, slope, results);
        return Both(results);
    }

    /// <summary>KL divergence of q = softmax(student ÷ τ) from p = softmax(teacher ÷ τ): Σ q·(log q − log p) of every row. A probability of the teacher's below e⁻¹⁰⁴ counts as that.</summary>
    /// <param name="student">[R, C]; what is recorded of it is not looked at.</param>
    /// <param name="teacher">[R, C].</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="slope">What the derivative by the student's logits ÷ τ is multiplied by: 1 ÷ τ for the derivative of the divergence, τ for that of its product with τ².</param>
    /// <param name="factors">[R], of each row and its gradient; null: all 1.</param>
    /// <returns>[R], and [R, C]: the derivative of their sum by the student's logits, as far as the slope says.</returns>
    /// <exception cref="TorchException">The tensors are not of the kind that is served, or do not fit each other.</exception>
    public static (Tensor Rows, Tensor Gradient) ReverseKl(Tensor student, Tensor teacher, double temperature, double slope, Tensor? factors = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        Span<NativeValue> results = stackalloc NativeValue[2];
        RowLossCalls.Divergence(student, teacher, factors, isReverse: true, temperature, slope, results);
        return Both(results);
    }

    /// <summary>Cross-entropy with labels: −(1 − ε)·log q(y) − (ε ÷ C)·Σ log q of every row, q = softmax(logits).</summary>
    /// <param name="logits">[R, C]; what is recorded of them is not looked at.</param>
    /// <param name="labels">[R] int64, 0 to C − 1, or the one that is ignored.</param>
    /// <param name="ignored">Rows with this label have a loss and a gradient of 0.</param>
    /// <param name="smoothing">ε, from 0 to 1; 0.</param>
    /// <param name="factors">[R], of each row and its gradient; null: all 1.</param>
    /// <returns>[R], and [R, C]: the derivative of their sum by the logits.</returns>
    /// <exception cref="TorchException">The tensors are not of the kind that is served, do not fit each other, or a label is out of bounds.</exception>
    public static (Tensor Rows, Tensor Gradient) CrossEntropy(Tensor logits, Tensor labels, long ignored, double smoothing = 0, Tensor? factors = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        Span<NativeValue> results = stackalloc NativeValue[2];
        RowLossCalls.CrossEntropy(logits, labels, factors, ignored, smoothing, results);
        return Both(results);
    }

    private static (Tensor Rows, Tensor Gradient) Both(ReadOnlySpan<NativeValue> results)
    {
        var tensors = Results.Tensors(results);
        return (tensors[0]!, tensors[1]!);
    }
}
