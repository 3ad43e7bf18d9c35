namespace Decant.Training;

/// <summary>Nobody is told anything.</summary>
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
