using System.Text.Json.Nodes;

namespace Decant;

/// <summary>The task that a <c>config.json</c> is for, as its <c>architectures</c> name it in Hugging Face's manner; its names are those that recipes write.</summary>
internal static class ArchitectureTask
{
    public const string Classification = "classification";
    public const string MultiLabel = "multi-label";
    public const string TokenClassification = "token-classification";
    public const string Regression = "regression";
    public const string Embedding = "embedding";
    public const string MaskedLanguageModel = "masked-lm";
    public const string CausalLanguageModel = "causal-lm";

    /// <summary>The end of a regression's name where no published layout says otherwise.</summary>
    public const string RegressionSuffix = "ForRegression";

    /// <summary>What <c>problem_type</c> says of a regression.</summary>
    public const string RegressionProblem = "regression";

    /// <summary>The end of the name of a model of any number of labels where no published layout says otherwise.</summary>
    public const string MultiLabelSuffix = "ForMultiLabelClassification";

    /// <summary>What <c>problem_type</c> says of any number of labels.</summary>
    public const string MultiLabelProblem = "multi_label_classification";

    private static readonly (string Suffix, string Task)[] s_suffixes =
    [
        (RegressionSuffix, Regression), (MultiLabelSuffix, MultiLabel), ("LMHeadModel", CausalLanguageModel), ("ForPreTraining", MaskedLanguageModel), ("ForTokenClassification", TokenClassification),
        ("ForMaskedLM", MaskedLanguageModel), ("ForCausalLM", CausalLanguageModel), ("Model", Embedding),
    ];

    /// <summary>The task of the first architecture.</summary>
    /// <returns>Null where the file names none, or one that says nothing of a task.</returns>
    public static string? Of(JsonObject config)
    {
        if ((config["architectures"] as JsonArray)?.FirstOrDefault() is not JsonValue value || !value.TryGetValue<string>(out var name))
            return null;
        if (name.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
            return IsRegression(config) ? Regression : config["problem_type"]?.ToString() == MultiLabelProblem ? MultiLabel : Classification;
        return Array.Find(s_suffixes, s => name.EndsWith(s.Suffix, StringComparison.Ordinal)).Task;
    }

    // As Hugging Face decides it where problem_type is left out: one class has no other to be distinguished from.
    private static bool IsRegression(JsonObject config) => config["problem_type"] is { } problem
        ? problem.ToString() == RegressionProblem
        : (config["id2label"] as JsonObject)?.Count == 1 || config["num_labels"]?.ToString() == "1";
}
