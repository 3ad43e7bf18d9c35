using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmLanguage;

/// <summary>The state of an <see cref="LstmLanguageModel"/> after the texts that it continues.</summary>
internal sealed class LstmLanguageState : ICausalState
{
    /// <summary>(h, c) after the last tokens.</summary>
    public RecurrentState Memory { get; } = new();

    /// <inheritdoc/>
    public long Length { get; set; }

    /// <inheritdoc/>
    public bool CanKeep => true;

    /// <inheritdoc/>
    public void Keep(Tensor texts)
    {
        if (Memory.IsEmpty)
            return;
        using var scope = TensorScope.Open();
        Memory.Set(Memory.Hidden!.IndexSelect(1, texts), Memory.Cell!.IndexSelect(1, texts));
    }

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
