namespace Decant.Runs.Planning;

/// <summary>Lets a model continue prompts of the test split, and measures what it writes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Measured">The step that measures the same model on the test split.</param>
/// <param name="File">Where its texts are left, relative to the run's folder.</param>
internal sealed record GenerateStep(string Id, EvaluateStep Measured, string File) : RunStep(Id)
{
    /// <summary>The model.</summary>
    public ModelKey Model => Measured.Model;

    public override string Words => $"let the {Model.Arm} continue test prompts";
}

/// <summary>Compares the texts of the models over all seeds, and shows some side by side.</summary>
/// <param name="Id">Its id.</param>
internal sealed record CompareTextsStep(string Id) : RunStep(Id)
{
    public override string Words => "compare the texts";
}

/// <summary>Asks a judge whose texts of the first seed are better.</summary>
/// <param name="Id">Its id.</param>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
internal sealed record JudgeTextsStep(string Id, string A, string B) : RunStep(Id)
{
    public override string Words => $"ask the judge about the texts of {A} and {B}";
}
