using System.ComponentModel;
using Decant.Objectives.Temperatures;

namespace Decant.Objectives;

/// <summary>Options of objectives that compare softened answers.</summary>
public abstract record TemperedOptions : RowObjectiveOptions
{
    /// <summary>τ: divides both models' logits before the softmax; 2.</summary>
    [Description("softmax temperature of both models' logits")]
    public Temperature Temperature { get; init; } = 2;
}

/// <summary>Options of the family of Kullback–Leibler divergences.</summary>
public abstract record DivergenceOptions : TemperedOptions
{
    /// <summary>Multiplies by τ², so that the gradient does not shrink as τ grows; true.</summary>
    [Description("multiply the loss by the temperature squared")]
    public bool ScaleByTemperatureSquared { get; init; } = true;
}
