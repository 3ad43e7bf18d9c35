namespace Decant.Training;

/// <summary>Does nothing with reports.</summary>
internal sealed class NoObserver : ITrainingObserver
{
    public void OnStep(StepReport report)
    {
    }

    public void OnValidation(ValidationReport report)
    {
    }

    public void OnEmptyBatch(long step)
    {
    }
}
