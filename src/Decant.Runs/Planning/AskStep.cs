using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Answers;

namespace Decant.Runs.Planning;

/// <summary>Has a teacher's answers ready for a student: computed once where they can be kept, else live. They are asked for when a training first needs them.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Of">The task.</param>
/// <param name="Teacher">Who answers.</param>
/// <param name="Student">The arm that is taught.</param>
/// <param name="Batch">Samples per forward pass of the teacher.</param>
internal sealed record AskStep(string Id, PreparedTask Of, ModelKey Teacher, string Student, int Batch) : RunStep(Id)
{
    /// <summary>What is kept of the answers on disk; null: nothing.</summary>
    public StoredAnswerOptions? Stored => Teacher.Arm == Arms.Teacher ? Of.Recipe.Teacher?.Answers : null;

    public override string Words => $"ask the {Teacher.Arm} for the {Student}";
}
