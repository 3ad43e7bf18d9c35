namespace Decant;

/// <summary>What libtorch or the bridge to it refused: the operator, the shapes and dtypes that came, and libtorch's own words.</summary>
public sealed class TorchException : Exception
{
    /// <summary>An error with its message.</summary>
    public TorchException(string message) : base(message)
    {
    }

    /// <summary>An error with its message and cause.</summary>
    public TorchException(string message, Exception inner) : base(message, inner)
    {
    }
}
