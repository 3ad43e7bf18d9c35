using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// A model with logits that are one linear map of its states, logits = states·Wᵀ + b, as those of every language model are. Where the vocabulary is large,
/// the logits can be computed a few rows at a time.
/// </summary>
internal abstract class ChunkedHeadModel : Model
{
    /// <summary>The map; its tensors are the model's own, and may be the embedding's.</summary>
    public abstract OutputHead Head { get; }

    /// <inheritdoc/>
    public override int Classes => checked((int)Head.Weight.Size(0));

    /// <summary>How many numbers a matrix has that the map's states are made with and that is none of a module's own; 0: there is none.</summary>
    internal virtual long ProjectionSize => 0;

    /// <summary>The states that the map is applied to.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>[R, H], R of <see cref="ModelInput.Positions"/>, or B·T.</returns>
    public abstract Tensor States(ModelInput input);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(ComputingHead.Logits(States(input)));
    }

    /// <summary>What the map's weights are rounded to where it is computed; null: they stay.</summary>
    internal OperandRounding? HeadRounding { get; set; }

    /// <summary>The map as it is computed, in the current scope: <see cref="Head"/>, rounded where it learns for fewer bits.</summary>
    internal OutputHead ComputingHead => HeadRounding is { } rounding ? Head with { Weight = rounding.Weight(Head.Weight) } : Head;

    /// <summary>The states of the positions that are predicted.</summary>
    /// <param name="states">[B, T, H].</param>
    /// <param name="positions">[R] int64; null: all.</param>
    /// <returns>[R, H].</returns>
    protected internal static Tensor At(Tensor states, Tensor? positions)
    {
        ArgumentNullException.ThrowIfNull(states);
        var rows = states.Reshape(-1, states.Size(-1)); // [B·T, H]
        return positions is null ? rows : rows.IndexSelect(0, positions);
    }
}

/// <summary>The last linear map of a model.</summary>
/// <param name="Weight">W [V, H].</param>
/// <param name="Bias">b [V]; null: none.</param>
internal readonly record struct OutputHead(Tensor Weight, Tensor? Bias = null)
{
    /// <summary>states·Wᵀ + b.</summary>
    /// <param name="states">[R, H].</param>
    /// <returns>[R, V].</returns>
    public Tensor Logits(Tensor states) => Functional.Linear(states, Weight, Bias);

    /// <summary>The map to the first outputs: views, in the current scope.</summary>
    /// <param name="outputs">At most V.</param>
    public OutputHead First(int outputs) => outputs == Weight.Size(0) ? this : new OutputHead(Weight.Narrow(0, 0, outputs), Bias?.Narrow(0, 0, outputs));
}
