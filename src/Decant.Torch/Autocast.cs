using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>Mixed precision: operators that libtorch lists for it (matrix products and convolutions above all) compute in fewer bits, and weights stay as they are.</summary>
/// <remarks>
/// Their inputs are cast on the way in, and gradients are cast back, so weights and their gradients keep their dtype. Results have the lower one. A weight that several
/// operators take is cast once between <see cref="Begin"/> and its end. Operators in place, and those that are not listed, compute in what they are given.
/// </remarks>
internal static class Autocast
{
    /// <summary>Begins on this thread, until disposed. The mode belongs to the thread: do not <c>await</c> inside, and do not begin it twice.</summary>
    /// <param name="dtype">What is computed in: <see cref="DType.BFloat16"/>, or on a GPU <see cref="DType.Float16"/>, which needs gradient scaling.</param>
    /// <param name="device">The kind of device.</param>
    /// <exception cref="TorchException">There is no mixed precision on the device.</exception>
    public static IDisposable Begin(DType dtype, DeviceKind device)
    {
        AutogradCalls.BeginAutocast((int)device, device.ToString(), (int)dtype, dtype.ToString());
        return new Casting(device);
    }

    private sealed class Casting(DeviceKind device) : IDisposable
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private bool _ended;

        public void Dispose()
        {
            if (_ended)
                return;
            _ended = true;
            if (Environment.CurrentManagedThreadId != _thread)
                throw new InvalidOperationException("Mixed precision was begun on one thread and is ended on another; the first keeps it. Do not await inside it.");
            AutogradCalls.EndAutocast((int)device, device.ToString());
        }
    }
}
