using System.Text;
using Decant.Data;
using Decant.Evaluation.Language;
using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Runs.Preparing;

/// <summary>The evaluation of a run's models on a split, by the task.</summary>
internal static class EvaluationTasks
{
    public static EvaluationTask Of(PreparedData data, Dataset split) => new()
    {
        Task = data.Context.Task,
        Classes = data.Classes,
        TagScheme = data.TagScheme,
        CarriesState = data.CarriesState,
        IsRanking = data.IsRanked,
        WordScores = data.IsRanked && split == data.Test ? data.WordScores : null,
        Units = data.Streams.TryGetValue(split, out var text) ? new TextUnits(text, data.Context.MaxTokens) : null,
        BytesOf = data.Context.Task == ModelTask.CausalLanguageModel ? Bytes(split) : null,
    };

    /// <summary>The same of a language model that reads the split with its own tokenizer: about the same parts of the text, so that both can be compared.</summary>
    /// <param name="data">The student's data.</param>
    /// <param name="own">The same samples in the model's tokens.</param>
    public static EvaluationTask OfTest(PreparedData data, PreparedData own)
    {
        var task = Of(data, data.Test);
        return own.Tokenizer == data.Tokenizer || task.Units is not { } units || !own.Streams.TryGetValue(own.Test, out var text) ? task : task with { Units = new TextUnits(text, units) };
    }

    /// <summary>The same for a model that samples have labels by from thresholds on, which are its own or are chosen now.</summary>
    public static EvaluationTask Of(PreparedData data, Dataset split, Model model, Action<string>? note = null, CancellationToken cancellationToken = default) =>
        Of(data, split) with { Thresholds = ChosenThresholds.Of(model, data, note, cancellationToken) };

    /// <summary>A text's own bytes. Those of a pair are not reported: only the collator knows which of them are predicted.</summary>
    private static Func<SampleId, long?> Bytes(Dataset split)
    {
        var rows = Rows(split);
        return id => rows.TryGetValue(id, out var row) && split[row].Content is TextContent { Pair: null } text ? Encoding.UTF8.GetByteCount(text.Text) : null;
    }

    /// <summary>Where the samples of a split are found by their ids.</summary>
    public static IReadOnlyDictionary<SampleId, int> Rows(Dataset split) => Enumerable.Range(0, split.Count).ToDictionary(split.IdOf, i => i);
}
