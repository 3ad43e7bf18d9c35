using System.Text.Json.Nodes;

namespace Decant.Models.Configuration;

/// <summary>Tasks as Hugging Face's <c>architectures</c> name them.</summary>
internal static class ModelTasks
{
    /// <summary>The end of a regression's name where no published layout says otherwise.</summary>
    public const string RegressionSuffix = ArchitectureTask.RegressionSuffix;

    /// <summary>The end of an architecture's name after that of the family: <c>ForSequenceClassification</c>.</summary>
    public static string Suffix(this ModelTask task) => task switch
    {
        ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression => "ForSequenceClassification",
        ModelTask.TokenClassification => "ForTokenClassification",
        ModelTask.MaskedLanguageModel => "ForMaskedLM",
        ModelTask.CausalLanguageModel => "ForCausalLM",
        _ => "Model",
    };

    /// <summary>Whether the answers are logits of named classes.</summary>
    public static bool HasClasses(this ModelTask task) => task is ModelTask.Classification or ModelTask.MultiLabel or ModelTask.TokenClassification or ModelTask.Regression;

    /// <summary>Whether there is one answer for a whole sample.</summary>
    public static bool IsSequence(this ModelTask task) => task is ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding;

    /// <summary>Whether the answers are logits of the vocabulary.</summary>
    public static bool IsLanguageModel(this ModelTask task) => task is ModelTask.MaskedLanguageModel or ModelTask.CausalLanguageModel;

    /// <summary>The task that a <c>config.json</c> is for.</summary>
    /// <returns>Null where it names no architecture, or one that says nothing of a task.</returns>
    public static ModelTask? Of(JsonObject config) => ArchitectureTask.Of(config) switch
    {
        null => null,
        ArchitectureTask.TokenClassification => ModelTask.TokenClassification,
        ArchitectureTask.Regression => ModelTask.Regression,
        ArchitectureTask.MultiLabel => ModelTask.MultiLabel,
        ArchitectureTask.Embedding => ModelTask.Embedding,
        ArchitectureTask.MaskedLanguageModel => ModelTask.MaskedLanguageModel,
        ArchitectureTask.CausalLanguageModel => ModelTask.CausalLanguageModel,
        _ => ModelTask.Classification,
    };

    /// <summary>What <c>problem_type</c> says where the architecture and the number of classes do not: one class would be read as a regression.</summary>
    public static string? ProblemType(this ModelTask task, int classes) => task switch
    {
        ModelTask.Regression => ArchitectureTask.RegressionProblem,
        ModelTask.MultiLabel => ArchitectureTask.MultiLabelProblem,
        ModelTask.Classification when classes == 1 => "single_label_classification",
        _ => null,
    };
}
