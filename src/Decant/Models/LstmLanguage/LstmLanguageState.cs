using Decant.Modules;

namespace Decant.Models.LstmLanguage;

/// <summary>The state of an <see cref="LstmLanguageModel"/> after the texts that it continues.</summary>
internal sealed class LstmLanguageState : ICausalState
{
    /// <summary>(h, c) after the last tokens.</summary>
    public RecurrentState Memory { get; } = new();

    /// <inheritdoc/>
    public long Length { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
