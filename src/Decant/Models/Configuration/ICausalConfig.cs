namespace Decant.Models.Configuration;

/// <summary>The settings of a model that continues texts: the tokens at their ends, as <c>config.json</c> and <c>generation_config.json</c> have them.</summary>
internal interface ICausalConfig
{
    /// <summary>The token that begins a text; null: none.</summary>
    int? BosTokenId { get; }

    /// <summary>The tokens that end a text; empty: the files name none.</summary>
    IReadOnlyList<int> EosTokenIds { get; }

    /// <summary>The token that fills up short texts; null: none.</summary>
    int? PadTokenId { get; }

    /// <summary>The same settings with other ends.</summary>
    ModelConfig With(int? begin, IReadOnlyList<int> ends);
}
