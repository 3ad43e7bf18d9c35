namespace Decant.Torch.Kernels;

/// <summary>OpenBLAS cannot compute with the kernels that were requested: what was expected, what is there, and the way out where there is one.</summary>
internal sealed class KernelsUnavailableException : Exception
{
    /// <summary>An error with its message.</summary>
    public KernelsUnavailableException(string message) : base(message)
    {
    }
}
