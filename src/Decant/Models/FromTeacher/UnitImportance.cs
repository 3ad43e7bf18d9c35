namespace Decant.Models.FromTeacher;

/// <summary>By what the heads, feed-forward units and hidden dimensions that a student keeps of its teacher are chosen.</summary>
public enum UnitImportance
{
    /// <summary>The first ones, as they are numbered.</summary>
    First,

    /// <summary>The largest: the Euclidean norm of all weights that make a unit or read it.</summary>
    Magnitude,

    /// <summary>The most active on calibration samples: per sample the mean over tokens of the unit's size, over the samples the Euclidean norm (Muralidharan 2024).</summary>
    Activation,

    /// <summary>Those whose removal changes the loss most, to first order: Σ |weight · gradient| over a unit's weights (Michel 2019, Molchanov 2019).</summary>
    Taylor,
}
