using Decant.Export;
using Decant.Export.Adapters;
using Decant.Models.Configuration;
using Decant.Runs.Hardware;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>Runs the model in a folder, of any task, on lines of text: one JSON object per line, in their order.</summary>
/// <remarks>
/// A line that cannot be answered has its <c>error</c> in its place, so that answers and lines stay side by side. Only the lines that are answered together are held
/// in memory, so there is no limit to how many there are.
/// </remarks>
public static class PredictJob
{
    /// <summary>Answers lines.</summary>
    /// <param name="folder">A model's folder with config.json, weights and tokenizer, or a run's (its student).</param>
    /// <param name="options">How.</param>
    /// <param name="lines">Read as they are needed.</param>
    /// <param name="write">Is given the answer to each line, without a line break.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DecantException">The folder has no model that reads text, or its tokenizer is missing or another model's.</exception>
    public static PredictSummary Run(string folder, PredictRequest options, IEnumerable<PredictLine> lines, Action<string> write, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(write);
        MachineFacts.Prepare(null);
        var path = EvaluateJob.ModelPath(folder);
        var vocabulary = Vocabulary(path);
        var tokenizer = TokenizerFile.Load(BaseFolder.ForText(path));
        ModelVocabulary.Check(path, tokenizer, vocabulary);
        using var model = ModelFolder.Load(path);
        var run = new LineRun(
            new PredictReader(((IConfigured)model).Config.Task, options.AreJson, PairMark.IsIn(path)), TaskPredictor.Of(model, tokenizer, TextLimit.Of(path, model), options.Top), options.BatchSize, write);
        foreach (var chunk in lines.Chunk(checked(options.BatchSize * options.ReadAhead)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Answer(chunk);
        }

        return run.Summary;
    }

    private static long Vocabulary(string path) => ModelFolder.ReadConfig(path).ToJson()["vocab_size"]?.GetValue<long>()
        ?? throw new DecantException($"{path} holds a model that reads images or vectors, and lines of text are answered here; 'decant predict … --images FOLDER' answers pictures, and 'decant evaluate' measures it on the test split of a recipe.");
}
