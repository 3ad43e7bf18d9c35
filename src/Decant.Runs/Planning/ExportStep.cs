using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

/// <summary>Exports the student of the first seed, and measures its files beside the teacher's in ONNX Runtime.</summary>
/// <param name="Id">As of every step.</param>
/// <param name="Of">The task.</param>
/// <param name="Student">The student.</param>
/// <param name="Teacher">The teacher; null: it cannot be measured.</param>
/// <param name="Section">What is written.</param>
/// <param name="Folder">The student's folder, relative to the run's.</param>
internal sealed record ExportStep(string Id, PreparedTask Of, ModelKey Student, ModelKey? Teacher, ExportSection Section, string Folder) : RunStep(Id)
{
    /// <inheritdoc/>
    public override string Words => "export the student to ONNX and measure it there";
}
