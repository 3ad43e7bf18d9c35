using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Who wrote a text that a student learns from.</summary>
internal enum TextAuthor
{
    /// <summary>It is from the data.</summary>
    Data,

    /// <summary>The teacher, in answer to the prompt.</summary>
    Teacher,

    /// <summary>The student itself.</summary>
    Student,
}

/// <summary>The tokens of a batch that a model wrote: the one that follows on each row, of the end of text too, and nothing behind it.</summary>
/// <param name="By">Which model.</param>
/// <param name="Tokens">[R] int64.</param>
/// <param name="LogProbabilities">[R] float32: the logarithm of the probability with which each was drawn, with temperature, top-k and top-p; 0 where it was not drawn but the most probable.</param>
internal sealed record WrittenTokens(TextAuthor By, Tensor Tokens, Tensor LogProbabilities)
{
    /// <summary>Some of the rows; views, in the current scope.</summary>
    public WrittenTokens Rows(int first, int count) => new(By, Tokens.Narrow(0, first, count), LogProbabilities.Narrow(0, first, count));

    /// <summary>The same on a device.</summary>
    public WrittenTokens To(Device device) => new(By, Tokens.To(device, wait: false), LogProbabilities.To(device, wait: false));

    /// <summary>The same tensors, independent of scopes.</summary>
    public WrittenTokens Own() => new(By, TensorScope.Own(Tokens), TensorScope.Own(LogProbabilities));

    /// <summary>Releases the tensors.</summary>
    public void Release()
    {
        Tokens.Dispose();
        LogProbabilities.Dispose();
    }
}
