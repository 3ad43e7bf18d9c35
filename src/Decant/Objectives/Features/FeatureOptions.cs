namespace Decant.Objectives.Features;

/// <summary>What every objective on inner values has in a recipe.</summary>
public abstract record FeatureOptions : ObjectiveOptions
{
    /// <inheritdoc/>
    public override bool ReadsFeatures => true;
}
