namespace Decant.Models.Configuration;

/// <summary>What a model must know of the task and the data, and options cannot say.</summary>
public sealed record ModelContext
{
    /// <summary>The task that the model is for; default: classification.</summary>
    public ModelTask Task { get; init; }

    /// <summary>C, the number of classes, or of numbers in a regression or an embedding; 0 where the task has none, or an embedding is as wide as its model makes it.</summary>
    public required int Classes { get; init; }

    /// <summary>V, how many tokens the tokenizer has; null when the input is no text.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>The id of the token that fills up short texts.</summary>
    public int PadToken { get; init; }

    /// <summary>The id of the token that a text begins with where a model continues texts; null: none.</summary>
    public int? BeginToken { get; init; }

    /// <summary>The ids of the tokens that end a text where a model continues texts; empty: none.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>The ids of the tokens that say nothing of a text: those that stand around it, and the unknown one; what a model of rows alone leaves out. Empty: none.</summary>
    public IReadOnlyList<int> IgnoredTokens { get; init; } = [];

    /// <summary>The shape of one sample: [C, H, W] of images, [D] of vectors, [T] or empty for text.</summary>
    public IReadOnlyList<long> SampleShape { get; init; } = [];

    /// <summary>The classes in the order of the logits; empty: <c>LABEL_0</c>, <c>LABEL_1</c>, …, as Hugging Face does.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The most tokens that a text has after truncation; 0 when the input is no text.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Whether the model learns from a teacher, as students and assistants do; false: from labels alone, as a teacher does. The default of dropout depends on it.</summary>
    public bool LearnsFromTeacher { get; init; }

    /// <summary>The probability of dropout: the one asked for; by default 0 for a model that learns from a teacher and the family's own for others.</summary>
    /// <param name="asked">The option; null where it is left out.</param>
    /// <param name="family">The family's default for a model that learns from labels alone.</param>
    internal double DropoutOf(double? asked, double family) => asked ?? (LearnsFromTeacher ? 0 : family);

    /// <summary>The names of all classes.</summary>
    /// <exception cref="DecantException">There are names, but another number than of classes.</exception>
    internal IReadOnlyList<string> AllClassNames()
    {
        if (ClassNames.Count == 0)
            return DefaultNames(Classes);
        return ClassNames.Count == Classes
            ? ClassNames
            : throw new DecantException($"The model has {Classes} classes, but {ClassNames.Count} class names came. " +
                "Give one name per class.");
    }

    /// <summary>The names of all classes, or none where the task has no classes.</summary>
    internal IReadOnlyList<string> NamesOfTask() => Task.HasClasses() ? AllClassNames() : [];

    /// <summary>D, how many numbers an embedding has; 0 in other tasks.</summary>
    /// <param name="dimensions">The option; null: as many as <see cref="Classes"/>.</param>
    /// <exception cref="DecantException">The task has no embeddings, and a width of some was given.</exception>
    internal int OutputsOfTask(int? dimensions = null) => Task == ModelTask.Embedding ? dimensions ?? Classes
        : dimensions is null ? 0 : throw new DecantException($"'dimensions' is the width of an embedding, and the task is {Task.ToString().ToLowerInvariant()}; leave it out.");

    /// <summary>The size of the vocabulary.</summary>
    /// <exception cref="DecantException">The input is no text.</exception>
    internal int RequireVocabulary(string kind) => VocabularySize
        ?? throw new DecantException($"A model of kind '{kind}' reads text, but the input is of shape [{string.Join(", ", SampleShape)}]. " +
            "Use mlp, cnn or resnet for it.");

    /// <summary>The shape [C, H, W] of images.</summary>
    /// <exception cref="DecantException">The input is no image.</exception>
    internal IReadOnlyList<long> RequireImage(string kind) => VocabularySize is null && SampleShape.Count == 3
        ? SampleShape
        : throw new DecantException($"A model of kind '{kind}' reads images [channels, height, width], but {DescribeInput()} came. {Advice()}");

    /// <summary>The shape of images or vectors.</summary>
    /// <exception cref="DecantException">The input is neither.</exception>
    internal IReadOnlyList<long> RequireNumbers(string kind) => VocabularySize is null && SampleShape.Count > 0
        ? SampleShape
        : throw new DecantException($"A model of kind '{kind}' reads images or vectors, but {DescribeInput()} came. {Advice()}");

    internal static IReadOnlyList<string> DefaultNames(int classes) => [.. Enumerable.Range(0, classes).Select(c => $"LABEL_{c}")];

    private string DescribeInput() => VocabularySize is null ? $"a sample of shape [{string.Join(", ", SampleShape)}]" : "text";

    private string Advice() => VocabularySize is null ? "Use mlp for vectors." : "Use textcnn, lstm or encoder for text.";
}
