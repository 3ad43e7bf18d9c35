using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Modules.Adapters;

/// <summary>Updates of a low rank r, s·B·A, of linear layers (LoRA, Hu et al. 2021, arXiv:2106.09685).</summary>
internal sealed record LoraOptions : AdapterOptions
{
    /// <summary>The target that stands for every linear layer of the blocks.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>r; default: 8.</summary>
    [Description("rank of the updates")]
    [Range(1, 1 << 16)]
    public int Rank { get; init; } = 8;

    /// <summary>α; null: twice the rank.</summary>
    [Description("scale of the updates: alpha ÷ rank; default: twice the rank")]
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? Alpha { get; init; }

    /// <summary>The probability that a number of a layer's input is dropped on the way into its update, in training; default: 0.</summary>
    [Description("dropout of the input of the updates, in training")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Which linear layers get an update, by the last parts of their paths, or by patterns of whole paths with <c>*</c> for any text; default: <see cref="AllLinear"/>.</summary>
    [Description("linear layers with updates: the last parts of their paths (q_proj), or patterns of whole paths with `*` for any text; all-linear: all of the blocks, without head and pooler")]
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];

    /// <summary>Whether the scale is α/√r instead of α/r (rsLoRA, Kalajdzievski 2023, arXiv:2312.03732); default: false.</summary>
    [Description("scale by alpha ÷ √rank instead of alpha ÷ rank (rsLoRA)")]
    public bool RankStabilized { get; init; }

    /// <summary>Modules that are trained as a whole and saved beside the updates, by the last parts of their paths or by patterns, such as <c>classifier</c>; a head that is new is one without being named. Default: none.</summary>
    [Description("modules trained as a whole beside the updates, named as targets are, such as classifier; a new head always is")]
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>α, whether given or not.</summary>
    internal double ScaleNumerator => Alpha ?? (2.0 * Rank);

    /// <summary>s.</summary>
    internal double Scale => ScaleNumerator / (RankStabilized ? Math.Sqrt(Rank) : Rank);
}
