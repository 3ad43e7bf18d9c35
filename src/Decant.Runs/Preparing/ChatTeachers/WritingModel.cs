using Decant.Modules;
using Decant.Torch;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A teacher that wrote texts, of whose next tokens nothing is known: no objective reads it, and it is not measured.</summary>
/// <param name="name">Who wrote, for people.</param>
/// <param name="vocabulary">V.</param>
internal sealed class WritingModel(string name, int vocabulary) : RemoteModel(name)
{
    /// <inheritdoc/>
    public override int Classes => vocabulary;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Tensor.Zeros([.. input.Values.Shape, vocabulary], device: input.Values.Device); // [B, T, V]: a plan is tried with it
    }
}
