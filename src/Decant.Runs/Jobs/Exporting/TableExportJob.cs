using Decant.Export;
using Decant.Export.Tables;
using Decant.Runs.Exporting;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Runs.Jobs.Exporting;

/// <summary>A static model that was written with smaller rows.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Rows">How the rows are stored: float32, float16 or int8.</param>
/// <param name="Tokens">V, how many rows there are.</param>
/// <param name="Bytes">The size of the weights.</param>
/// <param name="AllBytes">The size of all files of the folder.</param>
internal sealed record TableExportResult(string Folder, string Rows, long Tokens, long Bytes, long AllBytes);

/// <summary>Writes a static model in Model2Vec's layout, which model2vec, sentence-transformers and <c>Decant.Inference</c> open.</summary>
internal static class TableExportJob
{
    /// <summary>Writes the folder.</summary>
    /// <param name="model">A model's folder, or a run's (its student).</param>
    /// <param name="output">Where to: another folder.</param>
    /// <param name="rows">How rows are stored.</param>
    /// <exception cref="DecantException">The model is no static one, or the folder is its own.</exception>
    public static TableExportResult Run(string model, string output, RowFormat rows)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        var (path, folder) = (EvaluateJob.ModelPath(model), Path.GetFullPath(output));
        if (Path.TrimEndingDirectorySeparator(folder) == Path.TrimEndingDirectorySeparator(path))
            throw new DecantException($"{folder} is the model's own folder, whose rows would be lost; name another with --out.");
        using var loaded = ModelFolder.Load(path);
        TableFolder.Write(folder, loaded, rows);
        CompanionFiles.CopyBeside(path, folder);
        CompanionFiles.WriteTokenizer(path, folder, TextLimit.Of(path, loaded));
        var weights = new FileInfo(Path.Combine(folder, ModelFolder.WeightsName)).Length;
        var tokens = ((Decant.Models.Static.StaticTextModel)loaded).Embeddings.Size(0);
        return new(folder, rows.ToString().ToLowerInvariant(), tokens, weights, Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length));
    }
}
