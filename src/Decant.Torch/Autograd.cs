using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>Reverse-mode differentiation by libtorch's autograd.</summary>
public static class Autograd
{
    /// <summary>Whether operators on this thread record what backward needs.</summary>
    public static bool IsEnabled => AutogradCalls.Enabled;

    /// <summary>Switches recording off on this thread until disposed. The mode belongs to the thread: do not <c>await</c> inside.</summary>
    /// <remarks>
    /// Disposing it on another thread is an <see cref="InvalidOperationException"/>, for the first thread would be left without gradients.
    /// </remarks>
    public static IDisposable NoGrad() => new Mode(false);

    /// <summary>Switches recording on on this thread until disposed. The mode belongs to the thread: do not <c>await</c> inside.</summary>
    public static IDisposable EnableGrad() => new Mode(true);

    /// <summary>The gradients of the sum of the outputs for each input.</summary>
    /// <param name="outputs">What is differentiated; scalars, unless <paramref name="seeds"/> is given.</param>
    /// <param name="inputs">For what; each was part of the computation unless <paramref name="allowUnused"/>.</param>
    /// <param name="seeds">The gradients that flow into the outputs, of their shapes; null is ones.</param>
    /// <param name="retainGraph">Keep the graph for another backward; false by default, as in PyTorch when no graph is made.</param>
    /// <param name="createGraph">Record the backward itself, for derivatives of higher order; then the graph is retained as well.</param>
    /// <param name="allowUnused">Null for inputs that took no part, instead of an error.</param>
    /// <returns>One gradient per input, of its shape, owned like any result.</returns>
    /// <exception cref="ArgumentException">There are no outputs or no inputs, or the seeds are not as many as the outputs.</exception>
    /// <exception cref="TorchException">An output was not recorded, an input took no part, or the graph is gone.</exception>
    public static Tensor?[] Grad(
        Tensor[] outputs, Tensor[] inputs, Tensor?[]? seeds = null, bool retainGraph = false, bool createGraph = false, bool allowUnused = false)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(inputs);
        if (outputs.Length == 0 || inputs.Length == 0)
            throw new ArgumentException($"Gradients need at least one output and one input; {outputs.Length} and {inputs.Length} came.");
        if (seeds is not null && seeds.Length != outputs.Length)
            throw new ArgumentException($"{seeds.Length} seeds came for {outputs.Length} outputs; each output has one, or null.", nameof(seeds));
        return Results.Tensors(AutogradCalls.Grad(outputs, inputs, seeds, retainGraph || createGraph, createGraph, allowUnused));
    }

    /// <summary>A number with gradients that were computed beforehand: for losses that give value and gradient in the same few passes over the memory.</summary>
    /// <param name="value">The number, of one element; copied.</param>
    /// <param name="inputs">What it depends on.</param>
    /// <param name="gradients">Its derivative for each input, of the input's shape, dtype and device; held until the graph goes.</param>
    /// <returns>The number, part of the graph where an input is: backward gives each input its gradient times the one that flows in. It has no second derivative.</returns>
    /// <exception cref="ArgumentException">There are no inputs, or not as many gradients.</exception>
    /// <exception cref="TorchException">A gradient does not fit its input, or the value is no single number.</exception>
    public static Tensor WithGradients(Tensor value, Tensor[] inputs, Tensor[] gradients)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(gradients);
        if (inputs.Length == 0 || inputs.Length != gradients.Length)
            throw new ArgumentException($"Every input has its gradient; {inputs.Length} inputs and {gradients.Length} gradients came.", nameof(gradients));
        return Results.Tensor(AutogradCalls.GivenGradients(value, inputs, gradients))!;
    }

    /// <summary>Something that was computed without a graph, as a part of the graph of its inputs: backward runs a function that gives their gradients, such as by computing it anew.</summary>
    /// <param name="output">What was computed; the result lies over its memory.</param>
    /// <param name="inputs">What it depends on.</param>
    /// <param name="backward">
    /// From the gradient that flows into the output to one for each input, of its shape, or null. It runs once at most, perhaps on a thread of libtorch's, where no scope is open; what it
    /// gives must be its own, and is taken over.
    /// </param>
    /// <returns>The output; a plain tensor where nothing is recorded, or no input needs a gradient. It has no second derivative.</returns>
    internal static Tensor Recomputed(Tensor output, Tensor[] inputs, Func<Tensor, Tensor?[]> backward) =>
        IsEnabled && Array.Exists(inputs, i => i.RequiresGrad) ? Results.Tensor(RecomputedCalls.Attach(output, inputs, Handing(backward)))! : output;

    private static RecomputedCalls.Backward Handing(Func<Tensor, Tensor?[]> backward) => (in gradient, gradients) =>
    {
        using var suspended = TensorScope.Suspend();
        using var flowing = Results.Tensor(gradient)!;
        foreach (var (i, tensor) in backward(flowing).Index())
            gradients[i] = tensor is null ? default : new NativeValue { Tag = NativeTag.Tensor, Bits = tensor.Give() };
    };

    private sealed class Mode : IDisposable
    {
        private readonly bool _before = AutogradCalls.Enabled;
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private bool _ended;

        public Mode(bool enabled) => AutogradCalls.Enabled = enabled;

        public void Dispose()
        {
            if (_ended)
                return;
            _ended = true;
            if (Environment.CurrentManagedThreadId != _thread)
            {
                throw new InvalidOperationException(
                    "The gradient mode was switched on one thread and is switched back on another; the first keeps it. Do not await inside NoGrad or EnableGrad.");
            }

            AutogradCalls.Enabled = _before;
        }
    }
}
