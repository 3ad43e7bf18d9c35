using Decant.Modules;
using Decant.Signals;
using Decant.Text;
using Decant.Torch;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A teacher that scores what the student writes. Of its distributions nothing is known, and it is not measured.</summary>
/// <param name="line">The way to it.</param>
/// <param name="vocabulary">V.</param>
internal sealed class ScoringModel(ScoresLine line, int vocabulary) : RemoteModel(line.Name)
{
    /// <inheritdoc/>
    public override string Kind => "scores";

    /// <inheritdoc/>
    public override string Summary => $"{Name}, a language model behind an API that scores texts";

    /// <inheritdoc/>
    public override int Classes => vocabulary;

    /// <summary>The teacher, or what stands for it where nothing may be asked; the caller disposes it.</summary>
    /// <param name="tokenizer">The tokenizer of the ids.</param>
    public ITeacher Open(ITokenizer tokenizer) => line.Open(tokenizer);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Tensor.Zeros([.. input.Values.Shape, vocabulary], device: input.Values.Device); // [B, T, V]: a plan is tried with it
    }
}
