namespace Decant.Runs.Jobs.Exporting;

/// <summary>What was exported.</summary>
/// <param name="Folder">The folder that other programs open.</param>
/// <param name="Forms">The files, float32 first.</param>
public sealed record ExportResult(string Folder, IReadOnlyList<ExportedForm> Forms)
{
    /// <summary>Files that a model's own folder lacked and other programs need, by their names: they stand there now, and no other was changed. Empty where nothing was missing, or where the folder is a new one.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];
}

/// <summary>A file of an exported model.</summary>
/// <param name="Form">How its weights are stored: <c>float32</c>, <c>int8</c> ….</param>
/// <param name="File">Its path in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Notes">What a user must know of it; may be empty.</param>
public sealed record ExportedForm(string Form, string File, long Bytes, IReadOnlyList<string> Notes);
