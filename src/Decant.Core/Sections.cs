namespace Decant;

/// <summary>The places of a recipe where a <c>kind</c> is chosen.</summary>
internal static class Sections
{
    /// <summary>Where samples come from.</summary>
    public const string Source = "source";

    /// <summary>The tokenizer.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>The network of a teacher or a student.</summary>
    public const string Model = "model";

    /// <summary>The optimizer.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>The learning-rate schedule.</summary>
    public const string Schedule = "schedule";

    /// <summary>An objective.</summary>
    public const string Objective = "objective";

    /// <summary>How an exported model is compressed.</summary>
    public const string Quantization = "quantization";

    /// <summary>What is trained of a student whose own weights stay.</summary>
    public const string Adapter = "adapter";

    /// <summary>What is kept of a teacher's answers.</summary>
    public const string Answers = "answers";

    /// <summary>Names of figures a checkpoint may be chosen by; their options stay empty.</summary>
    public const string Metric = "metric";
}
